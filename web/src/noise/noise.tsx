/** The network through the noise: an image that is drawn, on four chips at once. */
import { useEffect, useState } from 'preact/hooks';
import { type Client, Superseded } from '../work/client.ts';
import {
  type DrawAnswer,
  type EngineName,
  type HeldAnswer,
  IDEAL,
  type Knobs,
  type Picture,
} from '../work/noise/protocol.ts';
import { Accuracy, Blame } from './accuracy.tsx';
import { EngineLine } from './engine.tsx';
import { greyOf } from './image.ts';
import { KnobForm } from './knobs.tsx';
import { Logits } from './logits.tsx';
import { Pen, SIDE } from './pen.tsx';

const CHIPS = [IDEAL, 'fefet-32nm', 'sram-32nm', 'hybrid-32nm'];
/** Sliders that rest for so long have their accuracy measured. */
const REST_MS = 300;

interface NoiseProps {
  readonly client: Client;
  readonly knobs: Knobs;
  readonly onKnobs: (knobs: Knobs) => void;
  /** Dropped on the page. */
  readonly image: File | undefined;
}

export function Noise({ client, knobs, onKnobs, image }: NoiseProps) {
  const [picture, setPicture] = useState<Picture>({ kind: 'held', index: 0 });
  const [drawn, setDrawn] = useState<DrawAnswer | undefined>(undefined);
  const [held, setHeld] = useState<HeldAnswer | undefined>(undefined);
  const [chip, setChip] = useState(CHIPS[1]);
  const [alone, setAlone] = useState<string | null>(null);
  const [engine, setEngine] = useState<EngineName | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const failed = (error: unknown): void => {
    if (!(error instanceof Superseded)) setProblem((error as Error).message);
  };
  useEffect(() => {
    client.ask('draw', { chips: CHIPS, knobs, picture }, setDrawn).then(answer => {
      setDrawn(answer);
      setProblem('');
    }, failed);
  }, [client, knobs, picture, engine]);
  useEffect(() => setAlone(null), [knobs]);
  useEffect(() => {
    if (image === undefined) return;
    greyOf(image, SIDE).then(
      pixels => setPicture({ kind: 'pixels', pixels }),
      () => setProblem(`${image.name}: not an image that this browser reads`),
    );
  }, [image]);
  useEffect(() => {
    const timer = setTimeout(
      () => void client.ask('held', { chips: CHIPS, knobs, alone }, setHeld).then(setHeld, failed),
      REST_MS,
    );
    return () => clearTimeout(timer);
  }, [client, knobs, alone]);
  const choose = (name: EngineName): void => {
    setBusy(true);
    client
      .ask('engine', { engine: name })
      .then(answer => {
        setEngine(answer.engine);
        setDrawn(old => old && { ...old, engine: answer });
      }, failed)
      .finally(() => setBusy(false));
  };
  return (
    <section aria-label="The network through the noise" class="noise">
      <p>
        A small vision transformer, trained to tell twelve glyphs apart, on four chips at once. Draw, and see
        where the noise of a chip changes its mind; move a slider to make it better or worse.
      </p>
      {problem !== '' && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      <div class="board">
        <Pen
          picture={picture}
          seen={drawn}
          held={held?.images ?? 100}
          onPicture={setPicture}
          onProblem={setProblem}
        />
        {drawn === undefined ? <p role="status">The weights come (0.6 MB) ...</p> : <Logits answer={drawn} />}
        <KnobForm knobs={knobs} onKnobs={onKnobs} />
      </div>
      {held !== undefined && (
        <div class="two">
          <Accuracy answer={held} />
          <Blame answer={held} chip={chip} onChip={setChip} onAlone={() => setAlone(chip)} />
        </div>
      )}
      {drawn !== undefined && (
        <EngineLine answer={drawn.engine} wanted={engine} isBusy={isBusy} onEngine={choose} />
      )}
    </section>
  );
}
