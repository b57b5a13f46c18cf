/** The page: the chip as a form beside what it costs, and the chip at work. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Headline, RunReport } from 'trex-sim';
import { barsFigure, paretoFigure, rooflineFigure, shown, titleOf } from 'trex-sim/charts';
import { Race } from './alive/race.tsx';
import { Drop, type OpenedChip } from './drop/drop.tsx';
import { Figure } from './figure.tsx';
import { Form } from './form.tsx';
import { Inside } from './inside/inside.tsx';
import { Noise } from './noise/noise.tsx';
import { commandOf, FIRST, fromHash, type PageState, PRESETS, toHash, type View } from './state.ts';
import { type Client, Refused, Superseded } from './work/client.ts';
import type { Asked, FiguresAnswer, FormAnswer, RunQuestion, UserFiles } from './work/protocol.ts';

const CARDS = ['edap_Jsm2', 'latency_s', 'energy_J', 'area_m2'] as const;
/** A slider that rests for so long gets the whole report. */
const REST_MS = 350;

const TITLES: Readonly<Record<View, string>> = {
  chip: 'What it costs',
  alive: 'The chip at work',
  inside: 'A crossbar from inside',
  noise: 'Through the noise',
};

interface Tried {
  readonly asked: Asked;
  readonly figures: Headline;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const labelOf = ({ arch, model, tech, reuse, set }: Asked): string =>
  [arch, model, tech, reuse === 'none' ? null : reuse, ...set].filter(word => word !== null).join(' ');

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

interface AppProps {
  readonly client: Client;
  readonly example: RunReport;
  readonly files: UserFiles;
  /** Why the address could not be read, or what else the visitor must know. */
  readonly start: { readonly state: PageState; readonly notice: string };
  /** Of a widget: takes the state, which else stands in the address. */
  readonly onState?: (hash: string) => void;
}

export function App({ client, example, files: served, start, onState }: AppProps) {
  const [files, setFiles] = useState(served);
  const [image, setImage] = useState<File | undefined>(undefined);
  const [state, setState] = useState(start.state);
  const [notice, setNotice] = useState(start.notice);
  const [problem, setProblem] = useState('');
  const isFirst = (one: Asked): boolean => same(one, PRESETS[FIRST]);
  const isExample = isFirst(start.state.asked);
  const [report, setReport] = useState<RunReport | undefined>(isExample ? example : undefined);
  const [answer, setAnswer] = useState<FiguresAnswer | undefined>(undefined);
  const [form, setForm] = useState<FormAnswer | undefined>(undefined);
  /** What the answer is of. */
  const [answered, setAnswered] = useState<RunQuestion | undefined>(undefined);
  const [baseline, setBaseline] = useState<Tried>({ asked: PRESETS[FIRST], figures: example.result });
  const [tried, setTried] = useState<readonly Tried[]>([{ asked: PRESETS[FIRST], figures: example.result }]);
  /** What the report is of. */
  const [reported, setReported] = useState<RunQuestion | undefined>(undefined);
  const [path, setPath] = useState<readonly number[]>([]);
  const { asked, view, pinned } = state;
  const question = useMemo(() => ({ asked, files }), [asked, files]);
  const replaced = useRef(true);

  const change = (next: PageState): void => {
    replaced.current = false;
    setState(next);
  };
  const ask = (next: Asked): void => change({ ...state, asked: next });
  const opened = (chip: OpenedChip): void => {
    setFiles(chip.files);
    setNotice(chip.notices.join('\n'));
    change({ ...state, view: 'chip', asked: { ...asked, ...chip.asked } });
  };
  const failed = (error: unknown): void => {
    if (error instanceof Superseded) return;
    if (error instanceof Refused) setProblem(error.message);
    else setNotice((error as Error).message);
  };

  useEffect(() => {
    if (onState !== undefined) return;
    const read = (): void =>
      void fromHash(location.hash).then(
        next => {
          replaced.current = true;
          setState(next);
          setNotice('');
        },
        error => setNotice(error.message),
      );
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  useEffect(() => {
    void toHash(state).then(hash => {
      if (onState !== undefined) {
        onState(hash);
        return;
      }
      if (hash === location.hash || replaced.current) return;
      history.pushState(null, '', hash);
    });
  }, [state]);
  useEffect(() => {
    client.ask('figures', question).then(found => {
      setAnswer(found);
      setAnswered(question);
      setProblem('');
      setTried(all =>
        all.some(one => same(one.asked, asked)) ? all : [...all, { asked, figures: found.figures }],
      );
    }, failed);
    const timer = setTimeout(
      () => {
        client.ask('form', question).then(setForm, failed);
        client.ask('report', question).then(found => {
          setReport(found);
          setReported(question);
          setPath([]);
        }, failed);
      },
      form === undefined ? 0 : REST_MS,
    );
    return () => clearTimeout(timer);
  }, [question]);
  useEffect(() => {
    const known = tried.find(one => same(one.asked, pinned));
    if (known !== undefined) setBaseline(known);
    else
      client
        .ask('pinned', { asked: pinned, files })
        .then(found => setBaseline({ asked: pinned, figures: found.figures }), failed);
  }, [pinned, files]);

  const figures: Headline | undefined = answer?.figures ?? (isExample ? example.result : undefined);
  const tree = report?.trees.find(one => one.metric === 'energy_J' && one.by === 'hardware');
  const node = path.reduce((at, i) => at?.children?.[i], tree?.root);
  const names = form?.names;
  const choose = (key: 'arch' | 'model' | 'tech', all: readonly string[] = []) => (
    <label>
      {key}{' '}
      <select
        value={asked[key] ?? ''}
        onChange={event => {
          const value = event.currentTarget.value;
          ask({
            ...asked,
            [key]: value === '' ? null : value,
            ...(key === 'arch' && { set: [], tech: null }),
            ...(key === 'model' && { reuse: 'none' }),
          });
        }}
      >
        {key === 'tech' && <option value="">as the chip says</option>}
        {[...new Set([...(asked[key] === null ? [] : [asked[key]]), ...all])].map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  const toggle = (encoder: number): void => {
    const reused = form?.reused ?? [];
    const next = reused.includes(encoder)
      ? reused.filter(one => one !== encoder)
      : [...reused, encoder].sort((a, b) => a - b);
    ask({ ...asked, reuse: next.length === 0 ? 'none' : `encoders:${next.join(',')}` });
  };
  const take = (kind: 'yaml' | 'result'): void =>
    void client
      .ask('take', question)
      .then(
        taken =>
          save(
            kind === 'yaml' ? 'chip.yaml' : 'result.json',
            kind === 'yaml' ? 'text/yaml' : 'application/json',
            taken[kind],
          ),
        failed,
      );
  const elsewhere = problem.split('\n').filter(line => line !== '' && !/^--set [^=]+=/.test(line));

  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header>
        <h1>trex: a chip in a page</h1>
        <p>
          A transformer on crossbars, simulated here, event by event.{' '}
          {view !== 'noise' && 'Change a value on the left: the cost on the right follows. '}
          Nothing leaves this page.
        </p>
        <nav aria-label="Views">
          {(['chip', 'alive', 'inside', 'noise'] as const).map((name: View) => (
            <button
              key={name}
              type="button"
              aria-pressed={view === name}
              onClick={() => change({ ...state, view: name })}
            >
              {TITLES[name]}
            </button>
          ))}
        </nav>
        <Drop
          client={client}
          files={files}
          onChip={opened}
          onImage={file => {
            setImage(file);
            change({ ...state, view: 'noise' });
          }}
        />
      </header>
      {notice !== '' && (
        <p class="notice" role="status">
          {notice}{' '}
          <button type="button" onClick={() => setNotice('')}>
            Close
          </button>
        </p>
      )}
      {view === 'noise' && (
        <Noise
          client={client}
          knobs={state.knobs}
          image={image}
          onKnobs={knobs => change({ ...state, knobs })}
        />
      )}
      <div class="columns" hidden={view === 'noise'}>
        <aside aria-label="The chip and its network">
          <label>
            start from{' '}
            <select
              value={state.preset}
              onChange={event => {
                const preset = event.currentTarget.value;
                change({ ...state, preset, asked: PRESETS[preset] });
              }}
            >
              {Object.keys(PRESETS).map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          {choose('arch', names?.arch)}
          {choose('model', names?.models)}
          {choose('tech', names?.tech)}
          {form !== undefined && (
            <fieldset>
              <legend>Encoders: press one to let it reuse the attention of an earlier one</legend>
              {Array.from({ length: form.encoders }, (_, i) => (
                <button
                  key={i}
                  type="button"
                  class="encoder"
                  aria-pressed={form.reused.includes(i)}
                  disabled={!form.able.includes(i)}
                  aria-label={`encoder ${i}, reuses attention`}
                  onClick={() => toggle(i)}
                >
                  {i}
                </button>
              ))}
            </fieldset>
          )}
          {elsewhere.length > 0 && (
            <pre class="wrong" role="alert">
              {elsewhere.join('\n')}
            </pre>
          )}
          {form === undefined ? (
            <p>The form comes with the simulator ...</p>
          ) : (
            <Form form={form} asked={asked} problem={problem} onChange={ask} />
          )}
        </aside>
        <main id="main" aria-busy={reported !== question}>
          {view === 'inside' ? (
            <Inside
              client={client}
              question={question}
              place={state.place}
              failed={failed}
              onPlace={place => change({ ...state, place })}
            />
          ) : view === 'alive' ? (
            answer === undefined || answered !== question || !same(baseline.asked, pinned) ? (
              <p role="status">The run comes first ...</p>
            ) : (
              <Race
                client={client}
                files={files}
                racers={[
                  ...(same(asked, pinned)
                    ? []
                    : [
                        {
                          asked: pinned,
                          latency_s: baseline.figures.latency_s,
                          name: `Pinned: ${labelOf(pinned)}`,
                        },
                      ]),
                  { asked, latency_s: answer.figures.latency_s, name: `This chip: ${labelOf(asked)}` },
                ]}
                failed={failed}
                onReuse={() => ask(Object.assign({}, asked, { reuse: 'strided:5' }))}
                onTile={(of, tile, layers) => {
                  const own = layers.find(one => tile >= one.firstTile && tile < one.firstTile + one.tiles);
                  if (own === undefined) return;
                  const crossbar = Math.floor(((tile - own.firstTile) * own.crossbars) / own.tiles);
                  change({ ...state, asked: of, view: 'inside', place: { layer: own.id, crossbar } });
                }}
              />
            )
          ) : (
            <>
              <div
                class={problem === '' ? 'cards' : 'cards stale'}
                aria-live="polite"
                data-ms={answer?.ms.toFixed(1)}
                data-ready={answer !== undefined || undefined}
              >
                {figures !== undefined &&
                  CARDS.map(name => (
                    <div key={name} class="card">
                      <h2>{titleOf(name)}</h2>
                      <p class="big">
                        <data data-figure={name} value={String(figures[name])}>
                          {shown(name, figures[name])}
                        </data>
                      </p>
                      <small>
                        {(figures[name] / baseline.figures[name]).toPrecision(3)} x the pinned chip
                      </small>
                    </div>
                  ))}
              </div>
              <p class="controls">
                <button
                  type="button"
                  disabled={figures === undefined}
                  onClick={() => change({ ...state, pinned: asked })}
                >
                  Pin this chip as the baseline
                </button>
                <button type="button" onClick={() => take('yaml')}>
                  Save chip.yaml
                </button>
                <button type="button" onClick={() => take('result')}>
                  Save result.json
                </button>
              </p>
              <p class="note">
                Pinned: {labelOf(pinned)}. The same on the command line: <code>{commandOf(asked)}</code>
              </p>
              {answer !== undefined && report === undefined && (
                <Figure
                  draw={style =>
                    barsFigure(
                      'Energy of an image',
                      answer.energy.map(({ name, value }) => ({ name, value, label: shown('_J', value) })),
                      style,
                    )
                  }
                />
              )}
              {report !== undefined && node !== undefined && (
                <>
                  {path.length > 0 && (
                    <button type="button" onClick={() => setPath(path.slice(0, -1))}>
                      Back to the whole
                    </button>
                  )}
                  <Figure
                    onKey={i => setPath([...path, i])}
                    draw={style =>
                      barsFigure(
                        `Where the energy goes: ${node.name}`,
                        (node.children ?? []).map(({ name, value, children }, i) => ({
                          name,
                          value,
                          label: shown('_J', value),
                          ...(children !== undefined ? { key: String(i) } : {}),
                        })),
                        style,
                      )
                    }
                  />
                  <Figure draw={style => rooflineFigure(report.roofline, style)} />
                </>
              )}
              <Figure
                draw={style =>
                  paretoFigure(
                    {
                      kind: 'study',
                      name: 'this visit',
                      paths: ['chip'],
                      metrics: ['latency_s', 'energy_J'],
                      points: tried.map((one, i) => ({
                        id: String(i),
                        seed: one.asked.seed,
                        point: { chip: labelOf(one.asked) },
                        metrics: { latency_s: one.figures.latency_s, energy_J: one.figures.energy_J },
                      })),
                      failures: [],
                    },
                    ['latency_s', 'energy_J'],
                    style,
                  )
                }
              />
              <p class="note">
                Every chip of this visit, by latency and energy of an image; the line joins those that no
                other one beats.
              </p>
              {(form?.warnings.length ?? 0) > 0 && (
                <ul>
                  {form?.warnings.map(text => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
              )}
            </>
          )}
        </main>
      </div>
    </>
  );
}
