/** `config.expanded.yaml` is a file like another: chip, devices and network come back from it to the last bit. */
import test from 'ava';
import { withoutPlace } from '../../src/arch/config-notes.ts';
import { sha256Hex } from '../../src/base/sha256.ts';
import { expandedYaml } from '../../src/report/config-yaml.ts';
import { loadArchFrom, loadModelFrom, loadTechFrom } from '../../src/run/load.ts';
import { memoryFiles } from '../../src/run/memory-files.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { requestOfConfig } from '../../src/run/rerun.ts';
import { configOf, loadRun } from '../../src/run/run.ts';
import { failure } from '../arch/fixtures.ts';

const NAME = 'saved/config.expanded.yaml';
/** What a value is cited with stands in the comments of the file; the rows of a table stand in its place. */
const withoutSources = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSources);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !['source', 'file'].includes(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSources(inner)]));
};

const holding = (text: string) => memoryFiles({ [NAME]: text });

async function comesBack(arch: string, tech?: string, set: string[] = [], files = nodeFiles) {
  const first = loadArchFrom(files, arch, { tech, set });
  const again = loadArchFrom(await holding(expandedYaml(first.origins)), NAME);
  return { first, again };
}

for (const arch of nodeFiles.list('arch'))
  test(`the chip ${arch} comes back`, async t => {
    const { first, again } = await comesBack(arch);
    t.deepEqual(withoutSources(again.arch), withoutSources(first.arch));
  });

for (const tech of nodeFiles.list('tech').filter(name => !name.startsWith('cmos')))
  test(`a chip of ${tech} comes back`, async t => {
    const set = ['precision.weights=8', 'precision.inputs=8'];
    let chip: Awaited<ReturnType<typeof comesBack>>;
    try {
      chip = await comesBack('trex-full', tech, set);
    } catch {
      // A device that this chip cannot have.
      t.throws(() => loadArchFrom(nodeFiles, 'trex-full', { tech, set }));
      return;
    }
    t.deepEqual(withoutSources(chip.again.arch), withoutSources(chip.first.arch));
  });

for (const model of nodeFiles.list('models'))
  test(`the network ${model} comes back`, async t => {
    const chip = loadArchFrom(nodeFiles, 'trex');
    const first = loadModelFrom(nodeFiles, model);
    const files = await holding(expandedYaml([...chip.origins, ...first.origins]));
    t.deepEqual(withoutSources(loadModelFrom(files, NAME).model), withoutSources(first.model));
    t.deepEqual(withoutSources(loadArchFrom(files, NAME).arch), withoutSources(chip.arch));
  });

test('values of the command line, scaled figures, measured tables and layers of their own come back', async t => {
  const own = ['pe.adcBanks=2', 'tech.crossbar.rows=128', 'tech.scaling=circuit-laws', 'tech.adc.bits=7'];
  const scaled = await comesBack('trex', undefined, own);
  const about = (value: unknown): string =>
    JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? Number(inner.toPrecision(15)) : inner));
  // A share is written in %, and so has one rounding more.
  t.is(about(withoutSources(scaled.again.arch)), about(withoutSources(scaled.first.arch)));

  const shipped = ['tech/hybrid-32nm', 'tech/fefet-32nm', 'tech/sram-32nm', 'tech/cmos-32nm', 'arch/trex'];
  const texts = Object.fromEntries(
    shipped.map(name => {
      const [kind, base] = name.split('/') as ['tech', string];
      return [`${name}.yaml`, nodeFiles.read(nodeFiles.resolve(kind, base)).text];
    }),
  );
  const files = await memoryFiles({
    ...texts,
    'my/states.csv': 'target (uS), mean (uS), sigma (uS)\n0, 0.5, 0.4\n10, 10, 1.5\n',
    'my/cell.yaml':
      'name: mine\nuse: ../tech/fefet-32nm.yaml\nnoise: { measured: { file: states.csv, source: assumed } }\n',
    'my/tech.yaml':
      'name: mix\nuse: ../tech/hybrid-32nm.yaml\nstatic: ./cell.yaml\nlayers: [{ match: "e0.*", tech: ../tech/sram-32nm.yaml }]\n',
  });
  const layered = await comesBack('trex', 'my/tech.yaml', [], files);
  t.is(layered.first.arch.devices.layers?.length, 1);
  t.deepEqual(withoutSources(layered.again.arch), withoutSources(layered.first.arch));
});

test('options stand on top of it, a technology in its place, and it is one for others', async t => {
  const text = expandedYaml(loadArchFrom(nodeFiles, 'trex', { tech: 'hybrid-32nm' }).origins);
  const files = await memoryFiles({
    [NAME]: text,
    'tech/fefet-32nm.yaml': nodeFiles.read(nodeFiles.resolve('tech', 'fefet-32nm')).text,
  });
  const set = ['tech.static.cell.onResistance="200 kohm"', 'pe.adcBanks=4'];
  const { arch, files: read } = loadArchFrom(files, NAME, { set });
  t.is(arch.devices.static.cell.onResistance, 200e3);
  t.is(arch.pe.adcBanks, 4);
  t.deepEqual(read, [{ path: NAME, sha256: await sha256Hex(new TextEncoder().encode(text)) }]);
  t.is(loadArchFrom(files, NAME, { tech: 'fefet-32nm' }).arch.techName, 'fefet-32nm');
  t.deepEqual(
    withoutSources(loadTechFrom(files, NAME).devices),
    withoutSources(loadTechFrom(nodeFiles, 'hybrid-32nm').devices),
  );
});

test('a section that is missing, unknown or no block is refused at its line', async t => {
  const text = expandedYaml(loadArchFrom(nodeFiles, 'trex').origins);
  const line = text.split('\n').indexOf('digital:') + 1;
  const refused = async (from: string, to: string) => {
    const files = await holding(text.replace(from, to));
    return failure(() => loadArchFrom(files, NAME)).message.split('\n')[0];
  };
  t.is(
    await refused('\ndigital:\n', '\ndigitl:\n'),
    `${NAME}:${line}:1  digitl: unknown section, did you mean digital?`,
  );
  t.regex(await refused('"#digital"', '"#tech.static"'), /tech\.static: missing, expected a section/);
  t.regex(await refused('\ndigital:\n', '\ndigital: 3\nmodel:\n'), /digital: expected a block/);
});

const OWN_CHIPS: Readonly<Record<string, string>> = {
  plain: 'name: own\nuse: trex\nsource: assumed\npe: { adcBanks: 2 }\n',
  // The paper's accounting leaves the network out.
  idle: 'name: own\nuse: trex\nsource: assumed\nnoc: { flit: 64 bit }\n',
};
for (const [arch, tech] of [
  ['trex', undefined],
  ['trex-full', undefined],
  ['own/plain.yaml', undefined],
  ['own/idle.yaml', undefined],
  ['own/plain.yaml', 'fefet-32nm'],
  ['trex', 'trex-hybrid-32nm'],
  ['trex', 'own/cells.yaml'],
] as const)
  test(`the configuration of ${arch} on ${tech ?? 'its own technology'} warns of what that warns of`, async t => {
    const texts: Record<string, string> = {
      'own/cells.yaml': 'name: cells\nuse: fefet-32nm\nsource: assumed\nadc: { bits: 5 }\n',
    };
    for (const [name, text] of Object.entries(OWN_CHIPS)) texts[`own/${name}.yaml`] = text;
    for (const kind of ['arch', 'tech', 'models'] as const)
      for (const name of nodeFiles.list(kind))
        texts[`${kind}/${name}.yaml`] = nodeFiles.read(nodeFiles.resolve(kind, name)).text;
    const first = loadRun({ arch, tech: tech ?? null, model: 'deit-t' }, await memoryFiles(texts));
    const config = configOf(first);
    const files = await memoryFiles({ ...texts, [NAME]: config });
    const again = loadRun({ ...requestOfConfig(NAME, files)! }, files);
    const said = (warnings: readonly string[]): string[] => warnings.map(withoutPlace);
    t.deepEqual(said(again.arch.warnings), said(first.arch.warnings));
    t.is(first.arch.warnings.length > 0, arch === 'own/idle.yaml' || tech === 'own/cells.yaml');
    // Another value is another matter.
    const changed = config.replace(/(\n {2}adc:\n(?: {4}.*\n)*? {4}bits: )\d+/, '$12');
    const other = loadArchFrom(await memoryFiles({ ...texts, [NAME]: changed }), NAME);
    t.regex(other.warnings.join('\n'), /adc\.bits: ADC 2 bit </);
  });
