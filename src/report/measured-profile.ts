/** What inputs made a network do, for people; the profile itself is a file. */
import type { FileHash } from '../arch/source-files.ts';
import { mean } from '../base/sum.ts';
import { significant } from '../base/units.ts';
import { table, WIDTH } from './table.ts';

/** What one input made the network do. */
export interface MeasuredRow {
  /** Patches that go on, by encoder; empty: as the model file says. */
  readonly patches: Readonly<Record<string, number>>;
  /** Encoders without attention, run by run; one run where no entropy decides. */
  readonly passes: readonly (readonly number[])[];
}

/** What the inputs of a data set made a network do. */
export interface MeasuredProfile {
  readonly schemaVersion: number;
  readonly version: string;
  readonly model: string;
  readonly reuse: string;
  readonly decision:
    | { readonly by: 'threshold'; readonly threshold: number; readonly of: string }
    | { readonly by: 'entropy'; readonly entropy: number; readonly efforts: readonly (readonly number[])[] }
    | { readonly by: 'router' };
  readonly data: {
    readonly name: string;
    readonly inputs: string;
    readonly images: number;
    readonly skipped: number;
    readonly sha256: string;
  };
  readonly top1: number;
  readonly loss: number;
  /** Shares of all choices that each expert got, by the layer of experts: `load` of a model file; empty: there are none. */
  readonly experts: Readonly<Record<string, readonly number[]>>;
  readonly rows: readonly MeasuredRow[];
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

/** In `width` columns, without a line end. */
export function measuredProfileText(profile: MeasuredProfile, width = WIDTH): string {
  const { model, decision, data, top1, loss, rows, experts } = profile;
  const head = table([[`${model} on ${data.images} of ${data.name}, float32`], [howText(decision)]], {
    width,
  });
  const score = `top-1 ${(100 * top1).toFixed(1)} %, loss ${significant(loss, 4)}`;
  return [
    head,
    '',
    ...(decision.by === 'threshold' ? [patchesText(rows, width), ''] : []),
    ...(decision.by === 'entropy' ? [passesText(rows, decision.efforts, width), ''] : []),
    ...(Object.keys(experts).length > 0 ? [expertsText(experts, width), ''] : []),
    score,
  ].join('\n');
}

function howText(decision: MeasuredProfile['decision']): string {
  switch (decision.by) {
    case 'threshold':
      return `patches go on by ${decision.of}: threshold ${decision.threshold}`;
    case 'entropy':
      return `the next effort runs where the entropy is above ${decision.entropy} nats`;
    case 'router':
      return 'rows go to experts by their routers; a run of the profile takes the load of the model file';
  }
}

const expertsText = (experts: MeasuredProfile['experts'], width: number): string =>
  table(
    [
      ['layer of experts', 'load, for the model file'],
      ...Object.entries(experts).map(([layer, shares]) => [
        layer,
        `[${shares.map(share => share.toFixed(4)).join(', ')}]`,
      ]),
    ],
    { width },
  );

function patchesText(rows: readonly MeasuredRow[], width: number): string {
  const places = Object.keys(rows[0].patches);
  return table(
    [
      ['patches at encoder', 'mean', 'least', 'most'],
      ...places.map(at => {
        const counts = rows.map(({ patches }) => patches[at]).sort((a, b) => a - b);
        return [at, significant(mean(counts), 4), String(counts[0]), String(counts[counts.length - 1])];
      }),
    ],
    { width },
  );
}

function passesText(
  rows: readonly MeasuredRow[],
  efforts: readonly (readonly number[])[],
  width: number,
): string {
  return table(
    [
      ['effort', 'without attention', 'answers'],
      ...efforts.map((skip, i) => {
        const answers = rows.filter(({ passes }) => passes.length === i + 1).length;
        return [String(i + 1), skip.join(' ') || 'none', `${((100 * answers) / rows.length).toFixed(1)} %`];
      }),
    ],
    { width },
  );
}
