/** Adds up the runs of a text: the prompt, then every token. */
import type { InventoryRow } from '../../arch/accounting-switches.ts';
import { largest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import type { ComponentId } from '../../hw/components.ts';
import { energyByComponent } from '../../hw/ledger.ts';
import { type CacheUse, isCacheOp, positionsOf } from '../../map/cache-split.ts';
import type { BreakdownRow, LayerRow, Result } from '../../report/result.ts';
import { toSeconds } from '../../sim/tick.ts';
import { layerRows } from '../breakdown.ts';
import { encoderMacs, energyOf, partsOf, readingsOf, resultOf, weightLoadOf } from '../collect.ts';
import { adcBusy, adcShareOfTime, wearOf } from '../crossbar-use.ts';
import type { DriftReadings } from '../drift-readings.ts';
import { inventoryOf, type Machine, type Outcome } from '../machine.ts';
import { positionBits } from './fit-cache.ts';
import type { SequenceSpec } from './sequence-spec.ts';

const BYTE = 8;

export class SequenceFigures {
  readonly #spec: SequenceSpec;
  readonly #use: CacheUse;
  readonly #energies = new Map<ComponentId, number>();
  readonly #parts = { stage: new Map<string, BreakdownRow>(), encoder: new Map<string, BreakdownRow>() };
  readonly #rows = new Map<string, LayerRow>();
  /** Programmings by position, of the arrays that have it. */
  readonly #writes: Uint32Array;
  readonly #macs = { encoders: 0, encodersWithoutReuse: 0, run: 0 };
  #tokens: { position: number; time_s: number; energy_J: number }[] = [];
  #busy = 0;
  #time = 0;
  #firstToken_s = 0;
  /** Events of machines that are done. */
  #before = 0;
  #load: Result['weightLoad'] | undefined;
  #last: Machine | undefined;
  #inventory: readonly InventoryRow[] = [];
  #drift: DriftReadings | undefined;

  constructor(spec: SequenceSpec, use: CacheUse) {
    this.#spec = spec;
    this.#use = use;
    this.#writes = new Uint32Array(use.split.crossbars);
  }

  /** Takes in a run that has ended. */
  add(machine: Machine, outcome: Outcome): void {
    const { chip, graph, steps, kernel } = machine;
    const { ledger } = chip;
    const { batch } = this.#use;
    const ticks = outcome.latencies[0];
    const isPrompt = this.#last === undefined;
    const before_s = toSeconds(this.#time);
    const latency_s = toSeconds(ticks);
    const rows = layerRows(
      machine,
      outcome,
      steps.map(step => energyOf(ledger, step.index)),
    ).map((row, i) => ({ ...row, macs: steps[i].macs ?? row.macs * batch }));
    for (const row of rows) this.#addRow(row, isPrompt ? 'prefill' : 'decode', before_s);
    const parts = partsOf(rows);
    addParts(this.#parts.stage, parts.stage);
    addParts(this.#parts.encoder, parts.encoder);
    const energies = energyByComponent(ledger, step => step !== ledger.once);
    for (const [name, energy_J] of energies)
      this.#energies.set(name, (this.#energies.get(name) ?? 0) + energy_J);
    const { tokens } = graph.model;
    const past = isPrompt ? 0 : this.#spec.generation.prefill + this.#tokens.length;
    const macs = encoderMacs({ model: this.#spec.model, tokens }, graph, past);
    for (const key of ['encoders', 'encodersWithoutReuse', 'run'] as const)
      this.#macs[key] += batch * macs[key];
    const cache = graph.ops.find(isCacheOp);
    if (cache !== undefined)
      for (let at = cache.cached; at < Math.min(positionsOf(cache), this.#writes.length); at++)
        this.#writes[at]++;
    if (isPrompt) {
      this.#inventory = inventoryOf(machine, this.#spec.arch);
      this.#load = weightLoadOf(machine, outcome.loadTime);
      this.#firstToken_s = latency_s;
      this.#drift = readingsOf(machine, this.#spec.arch);
    } else {
      const standing_W =
        sum(this.#inventory, ({ leakage_W, power_W = 0 }) => leakage_W + power_W) +
        sum([...(this.#drift?.power_W.values() ?? [])], value => value);
      const energy_J = sum([...energies.values()], value => value) + standing_W * this.#stretched(latency_s);
      const position = this.#spec.generation.prefill + this.#tokens.length + 1;
      this.#tokens.push({ position, time_s: latency_s, energy_J });
    }
    this.#busy += adcBusy(machine);
    this.#time += ticks;
    if (this.#last !== undefined && this.#last.kernel !== kernel) this.#before += this.#last.kernel.events;

    this.#last = machine;
  }

  /** With its share of the time in which the chip reads references. */
  #stretched(time_s: number): number {
    return time_s / (1 - (this.#drift?.shareOfTime ?? 0));
  }

  #addRow(row: LayerRow, run: string, before_s: number): void {
    const step = `${run}/${row.step}`;
    const known = this.#rows.get(step);
    this.#rows.set(step, {
      ...row,
      step,
      jobs: row.jobs + (known?.jobs ?? 0),
      start_s: known?.start_s ?? before_s + row.start_s,
      end_s: before_s + row.end_s,
      energy_J: row.energy_J + (known?.energy_J ?? 0),
      macs: row.macs + (known?.macs ?? 0),
      elements: row.elements + (known?.elements ?? 0),
    });
  }

  /** Everything together, and a row for each step of the prompt and of the tokens behind it. */
  result(): { result: Result; layers: LayerRow[] } {
    const machine = this.#last;
    if (machine === undefined || this.#load === undefined) throw new Error('a text of no tokens');
    const { arch, generation } = this.#spec;
    const { batch, decode } = generation;
    const { graph, placement } = machine;
    const latency_s = toSeconds(this.#time);
    const layersOfCache = [...placement.layers.values()].filter(layer => layer.dynamic);
    const perImage = largest([0, ...this.#writes]);
    const worn = layersOfCache.length === 0 ? [] : [{ layers: layersOfCache, perImage }];
    const period_s = this.#stretched(latency_s);
    const writes = wearOf(machine.cost, worn, period_s);
    const result = resultOf({
      spec: this.#spec,
      machine,
      inventory: this.#inventory,
      images: 1,
      latency_s,
      period_s,
      energies: this.#energies,
      stage: [...this.#parts.stage.values()],
      encoder: [...this.#parts.encoder.values()],
      macs: this.#macs,
      adcBusy: adcShareOfTime(arch, machine, { busy: this.#busy, time: this.#time }),
      writes,
      weightLoad: this.#load,
      events: this.#before + machine.kernel.events,
      drift: this.#drift,
    });
    const decode_s = sum(this.#tokens, ({ time_s }) => time_s);
    const { split } = this.#use;
    const caches = graph.ops.filter(isCacheOp);
    const positions = generation.prefill + decode;
    const dynamic = placement.units.filter(layer => layer.dynamic);
    return {
      result: {
        ...result,
        tokens: positions,
        throughput_Hz: batch / period_s,
        timeToFirstToken_s: this.#firstToken_s,
        timePerOutputToken_s: decode_s / decode,
        tokensPerSecond: (batch * decode) / this.#stretched(decode_s),
        energyPerToken_J: sum(this.#tokens, ({ energy_J }) => energy_J) / (batch * decode),
        kvCache_bytes: (batch * positions * positionBits(graph, arch)) / BYTE,
        lifetime_s: writes.lifetime_s,
        generation: {
          ...generation,
          kvCache: { ...split, arrays: sum(dynamic, layer => layer.crossbars) },
          linesPerToken: split.crossbars === 0 ? 0 : sum(caches, op => op.batch),
          tokens: this.#tokens,
        },
      },
      layers: [...this.#rows.values()],
    };
  }
}

/** Energies and times of parts of the same name. */
function addParts(all: Map<string, BreakdownRow>, rows: readonly BreakdownRow[]): void {
  for (const { name, energy_J, time_s = 0 } of rows) {
    const known = all.get(name);
    all.set(name, {
      name,
      energy_J: energy_J + (known?.energy_J ?? 0),
      time_s: time_s + (known?.time_s ?? 0),
    });
  }
}
