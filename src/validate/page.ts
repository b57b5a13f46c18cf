/** The validation page: what is published, what we get, and why they differ. */
import { finishedWith, turn } from '../base/turn.ts';
import { closedForm } from '../optimize/closed-form.ts';
import type { Result } from '../report/result.ts';
import { nodeFiles } from '../run/node/files.ts';
import { loadArch, loadModel } from '../run/node/load.ts';
import { run as runNetwork } from '../run/run.ts';
import { modelSummary } from '../workload/summary.ts';
import { attentionReport } from './attention-report.ts';
import { cellsReport } from './cells-report.ts';
import { clockReport } from './clock-report.ts';
import { decodersReport } from './decoders-report.ts';
import { digitalReport } from './digital-report.ts';
import { inputReport } from './input-report.ts';
import { irDropReport } from './ir-drop-report.ts';
import { levelsReport } from './levels-report.ts';
import { methodsReport } from './methods-report.ts';
import { networksReport } from './networks-report.ts';
import { neurosimReport } from './neurosim-report.ts';
import { nocReport } from './noc-report.ts';
import { operationReport } from './operation-report.ts';
import { siliconReport } from './silicon-report.ts';
import { smallChipsReport } from './small-chips-report.ts';
import { sustained } from './sustained.ts';
import { trendsReport } from './trends-report.ts';
import { trexReport } from './trex-report.ts';
import { vitcodReport } from './vitcod-report.ts';

/** The whole page; `log` gets a line for each run. */
export async function validationPage(log: (what: string) => void): Promise<string> {
  const deit = loadModel('deit-s').model;
  const run = async (
    arch: string,
    reuse: number,
    set: readonly string[] = [],
    model = 'deit-s',
  ): Promise<Result> => {
    const { result } = await runNetwork(
      { arch, model, reuse: `count:${reuse}`, set },
      { files: nodeFiles, pause: turn },
    );
    return result;
  };
  const trex = await trexReport(run, reused => closedForm(deit, loadArch('trex').arch, reused), log);
  const methods = await methodsReport((model, reuse, set) => run('trex', reuse, set, model), log);
  const attention = await attentionReport(async (arch, set) => {
    const one = [...set, 'model.encoders=1'];
    return (await runNetwork({ arch, model: 'deit-s', set: one }, { files: nodeFiles, pause: turn })).layers;
  }, log);
  const levels = await levelsReport((arch, set) => run(arch, 0, set), log);
  const machines = { isaac: await sustained('isaac-ce'), puma: await sustained('puma') };
  const networks = networksReport((name, tokens) => modelSummary(loadModel(name).model, { tokens }));
  const noc = await nocReport(log);
  const clock = await clockReport(set => run('trex-full', 0, set), log);
  const decoders = await decodersReport(async (arch, [prefill, decode], set) => {
    const request = { arch, model: 'gpt2-small', set, prefill, decode };
    return (await runNetwork(request, { files: nodeFiles, pause: turn })).result;
  }, log);
  const small = await smallChipsReport(set => run('trex', 0, set), log);
  const intro = [
    '# Validation',
    '',
    'Written by `npm run validate`; do not edit by hand. Each row: what is published, what we get, and why they differ. Nothing is tuned',
    'until a row fits: the constants that come from Tables IV and V themselves say so at their place (`trex explain trex`).',
  ].join('\n');
  const circuits: string[] = [];
  for (const report of [
    neurosimReport,
    trendsReport,
    operationReport,
    cellsReport,
    digitalReport,
    () => siliconReport(machines),
    inputReport,
  ]) {
    circuits.push(report());
    await turn();
  }
  const irDrop = await finishedWith(irDropReport(), turn);
  return `${[intro, trex, methods, attention, vitcodReport(), levels, ...circuits, irDrop, networks, decoders, noc, clock, small].join('\n\n')}\n`;
}
