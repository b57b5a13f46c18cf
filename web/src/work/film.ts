/** A run of every tile for itself, in frames: on a linear axis of time for playing, and finer ones at its start for looking closely. */
import { type FrameRecorder, parseReuse, type Result, recordFrames, reuseSpace, simulate } from 'trex-sim';
import type { FilmAnswer, FilmQuestion } from './protocol.ts';
import { loaded } from './runs.ts';
import type { Turn } from './turn.ts';

/** The logarithmic axis begins at this share of the whole. */
export const FIRST = 1 / 2048;
export const TICKS_A_SECOND = 1e12;

/** Ends of the frames: as many of equal length, and half as many of equal ratio. */
function edgesOf(end: number, frames: number): Float64Array {
  const half = Math.ceil(frames / 2);
  const linear = Array.from({ length: frames + 1 }, (_, k) => Math.round((end * k) / frames));
  const fine = Array.from({ length: half }, (_, k) => Math.round(end * FIRST ** ((half - k) / half)));
  return Float64Array.from([...new Set([...linear, ...fine])].sort((a, b) => a - b));
}

export async function film(
  { frames, until_s, ...question }: FilmQuestion,
  { pause }: Turn,
): Promise<FilmAnswer> {
  const before = performance.now();
  const { arch, network, options } = await loaded(question);
  const { model } = network;
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const edges = edgesOf(Math.max(1, Math.round(until_s * TICKS_A_SECOND)), frames);
  let recorder: FrameRecorder | undefined;
  let chip: Pick<FilmAnswer, 'places' | 'hub' | 'layers'> | undefined;
  const whole = await simulate(
    {
      arch: arch.arch,
      model,
      reuse,
      tokens: options.tokens ?? undefined,
      images: 1,
      seed: options.seed,
      fold: false,
    },
    {
      pause,
      onBuilt: machine => {
        recorder = recordFrames(machine, edges);
        const { placement, noc } = machine;
        const { floorplan } = noc;
        chip = {
          hub: floorplan.placeOf(floorplan.hub),
          places: Array.from({ length: placement.chipTiles }, (_, tile) =>
            floorplan.placeOf(floorplan.nodeOf(tile)),
          ),
          layers: placement.units.map(layer => ({
            id: layer.id,
            firstTile: layer.firstTile,
            tiles: layer.tiles.length,
            crossbars: layer.crossbars,
          })),
        };
      },
    },
  );
  const result = whole.result as Result;
  return Object.assign({}, recorder!.close(), chip!, {
    end: Math.round(result.latency_s * TICKS_A_SECOND),
    capacity_bits: 8 * arch.arch.globalBuffer.capacity,
    energy_J: result.energy_J,
    reused: [...reuse.encoders],
    steps: whole.layers,
    ms: performance.now() - before,
  });
}
