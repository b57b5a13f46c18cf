/** What each chip makes of the drawn image: a bar for each logit. */
import { type ChipLogits, type DrawAnswer, IDEAL } from '../work/noise/protocol.ts';

export const NAMES: Readonly<Record<string, string>> = {
  [IDEAL]: 'Ideal',
  'fefet-32nm': 'FeFET',
  'sram-32nm': 'SRAM',
  'hybrid-32nm': 'Hybrid',
};
export const ABOUT: Readonly<Record<string, string>> = {
  [IDEAL]: '8-bit integers, exact sums',
  'fefet-32nm': '2-bit FeFET cells for everything',
  'sram-32nm': '1-bit SRAM cells: exact from 6 ADC bits on',
  'hybrid-32nm': 'FeFET for weights, SRAM for K and V',
};
export const nameOf = (chip: string): string => NAMES[chip] ?? chip;

interface Verdict {
  readonly best: number;
  /** Of the softmax. */
  readonly share: number;
}

function verdictOf({ logits }: ChipLogits): Verdict {
  const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const sum = logits.reduce((all, value) => all + Math.exp(value - top), 0);
  return { best: logits.indexOf(top), share: 1 / sum };
}

export function Logits({ answer }: { readonly answer: DrawAnswer }) {
  const { classes, chips, label } = answer;
  const all = chips.flatMap(({ logits }) => logits);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const verdicts = chips.map(one => (one.logits.length === 0 ? undefined : verdictOf(one)));
  const exact = verdicts[0]?.best;
  return (
    <div class="scroll">
      <table class="logits">
        <caption>
          Logits of the twelve classes{label === null ? '' : `; the held glyph is a ${classes[label]}`}
        </caption>
        <thead>
          <tr>
            <td />
            {chips.map(({ chip }) => (
              <th key={chip} scope="col">
                {nameOf(chip)}
                <small class="about">{ABOUT[chip] ?? ''}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, i) => (
            <tr key={name}>
              <th scope="row" class={i === label ? 'name right' : 'name'}>
                {name}
              </th>
              {chips.map(({ chip, logits }, c) => (
                <td key={chip} title={logits[i]?.toFixed(3)} class={verdicts[c]?.best === i ? 'best' : ''}>
                  {logits[i] !== undefined && (
                    <data value={String(logits[i])} data-logit={`${chip}/${name}`}>
                      <span
                        class="bar"
                        style={{ width: `${(100 * (logits[i] - low)) / (high - low || 1)}%` }}
                      />
                    </data>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">says</th>
            {chips.map(({ chip, problem, ms }, c) => {
              const verdict = verdicts[c];
              return (
                <td key={chip} data-says={chip}>
                  {verdict === undefined ? (
                    problem === '' ? (
                      '...'
                    ) : (
                      <span class="wrong">{problem}</span>
                    )
                  ) : (
                    <>
                      <b class={verdict.best === exact ? '' : 'wrong'}>{classes[verdict.best]}</b>{' '}
                      {(100 * verdict.share).toFixed(0)} %<small>{ms.toFixed(0)} ms</small>
                    </>
                  )}
                </td>
              );
            })}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
