/** A run of every tile for itself, in frames of equal length on a linear or a logarithmic axis of time. */
import { type FrameRecorder, parseReuse, type Result, recordFrames, reuseSpace, simulate } from 'trex-sim';
import type { FilmAnswer, RunQuestion } from './protocol.ts';
import { loaded } from './runs.ts';
import type { Turn } from './turn.ts';

/** The first frame of a logarithmic axis ends at this share of the image. */
const FIRST = 1 / 2048;
const TICKS_A_SECOND = 1e12;

export async function film(
  { frames, ...question }: RunQuestion & { readonly frames: number },
  { pause }: Turn,
): Promise<FilmAnswer> {
  const before = performance.now();
  const { arch, network, options } = await loaded(question);
  const { model } = network;
  const spec = {
    arch: arch.arch,
    model,
    reuse: parseReuse(options.reuse, reuseSpace(model)),
    tokens: options.tokens ?? undefined,
    images: 1,
    seed: options.seed,
  };
  // Folded or not, an image takes the same time: the quick run says where the frames end.
  const { result } = await simulate(spec, { pause });
  const end = Math.max(1, Math.round((result as Result).latency_s * TICKS_A_SECOND));
  const edges = Float64Array.from({ length: frames + 1 }, (_, k) =>
    k === 0 ? 0 : Math.round(end * FIRST ** ((frames - k) / (frames - 1))),
  );
  let recorder: FrameRecorder | undefined;
  let places: readonly { readonly x: number; readonly y: number }[] = [];
  let hub = { x: 0, y: 0 };
  const whole = await simulate(Object.assign({ fold: false }, spec), {
    pause,
    onBuilt: machine => {
      recorder = recordFrames(machine, edges);
      const { floorplan } = machine.noc;
      hub = floorplan.placeOf(floorplan.hub);
      places = Array.from({ length: machine.placement.chipTiles }, (_, tile) =>
        floorplan.placeOf(floorplan.nodeOf(tile)),
      );
    },
  });
  const film = recorder!.close();
  return Object.assign({}, film, {
    end,
    places,
    hub,
    capacity_bits: 8 * arch.arch.globalBuffer.capacity,
    energy_J: (whole.result as Result).energy_J,
    steps: whole.layers,
    ms: performance.now() - before,
  });
}
