/** Who computes, and how fast. */
import type { EngineAnswer, EngineName } from '../work/noise/protocol.ts';

const TITLES: Readonly<Record<EngineName, string>> = {
  wasm: 'WebAssembly',
  gpu: 'GPU (WebGL 2)',
  reference: 'Plain JavaScript',
};

interface EngineProps {
  readonly answer: EngineAnswer;
  /** The engine that was asked for; undefined: none was. */
  readonly wanted: EngineName | undefined;
  readonly isBusy: boolean;
  readonly onEngine: (engine: EngineName) => void;
}

export function EngineLine({ answer, wanted, isBusy, onEngine }: EngineProps) {
  const { engine, text, notice, cellMacs_s } = answer;
  // A worker that ended on a GPU has been started anew.
  const lost =
    wanted !== undefined && wanted !== engine
      ? `${TITLES[wanted]} gave no answer any more: ${TITLES[engine]} goes on`
      : '';
  const line = notice === '' ? lost : notice;
  const speeds = (Object.keys(TITLES) as EngineName[]).flatMap(name => {
    const rate = cellMacs_s[name];
    return rate === undefined ? [] : `${TITLES[name]} ${(rate / 1e9).toPrecision(3)}`;
  });
  return (
    <section aria-label="Who computes" data-engine={engine}>
      <p class="controls">
        <label>
          Computed by{' '}
          <select
            value={engine}
            disabled={isBusy}
            onChange={event => onEngine(event.currentTarget.value as EngineName)}
          >
            {(Object.keys(TITLES) as EngineName[]).map(name => (
              <option key={name} value={name}>
                {TITLES[name]}
              </option>
            ))}
          </select>
        </label>
        <span>
          {text}; G cells read a second: {speeds.join(', ')}
        </span>
      </p>
      {line !== '' && (
        <p class="wrong" role="status">
          {line}
        </p>
      )}
      <p class="note">
        All give the same bits: an engine runs only after a small product whose answer is known. One input is
        too little work for a GPU, so WebAssembly begins.
      </p>
    </section>
  );
}
