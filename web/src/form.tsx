/** The chip as a form: a field a value, with its unit, its source and what is wrong with it. */

import { withSet } from './state.ts';
import type { Asked, Field, FormAnswer } from './work/protocol.ts';

interface FormProps {
  readonly form: FormAnswer;
  readonly asked: Asked;
  /** Message of the library. */
  readonly problem: string;
  readonly onChange: (asked: Asked) => void;
}

/** What is changed most comes first. */
const FIRST = ['chip', 'tile', 'pe', 'tech: crossbar', 'tech: adc', 'tech: cell', 'schedule'];
/** A slider reaches so far beyond the value of the file. */
const REACH = 8;

/** The line of a message that is about an override. */
function problemOf(problem: string, path: string): string {
  return problem.split('\n').find(line => line.startsWith(`--set ${path}=`)) ?? '';
}

function Input({
  field,
  value,
  onInput,
}: {
  readonly field: Field;
  readonly value: string;
  readonly onInput: (value: string) => void;
}) {
  const { path, kind, choices = [], min, max, unit, hint } = field;
  const id = `field-${path}`;
  const shared = { id, title: hint, 'aria-describedby': `${id}-hint` };
  const listen = (event: Event): void =>
    onInput((event.target as HTMLInputElement | HTMLSelectElement).value);
  if (kind === 'choice' || kind === 'flag')
    return (
      <select {...shared} value={value} onChange={listen}>
        {(kind === 'flag' ? ['true', 'false'] : choices).map(one => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    );
  const number = Number(field.text);
  const slides = kind === 'integer' && Number.isFinite(number);
  return (
    <span class="pair">
      <input
        {...shared}
        type="text"
        inputMode={slides ? 'numeric' : 'text'}
        value={value}
        placeholder={unit}
        onChange={listen}
      />
      {slides && (
        <input
          type="range"
          aria-label={`${path}, slider`}
          min={min ?? 0}
          max={Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(8, REACH * number))}
          value={value}
          onInput={listen}
        />
      )}
    </span>
  );
}

export function Form({ form, asked, problem, onChange }: FormProps) {
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const groups = form.groups.toSorted((a, b) => rank(a.name) - rank(b.name));
  const own = new Map(
    asked.set.map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  return (
    <form onSubmit={event => event.preventDefault()} aria-label="The chip">
      {groups.map(({ name, fields }) => (
        <details key={name} open={rank(name) < 5 && innerWidth > 700}>
          <summary>{name}</summary>
          {fields.map(field => {
            const { path, text, hint } = field;
            const wrong = problemOf(problem, path);
            return (
              <div key={path} class={own.has(path) ? 'field own' : 'field'}>
                <label for={`field-${path}`}>{path.replace(/^(tech|digital|model)\.(static\.)?/, '')}</label>
                <Input
                  field={field}
                  value={own.get(path) ?? text}
                  onInput={value => onChange(withSet(asked, path, value))}
                />
                {own.has(path) && (
                  <button
                    type="button"
                    aria-label={`${path} as in the file`}
                    onClick={() => onChange(withSet(asked, path, undefined))}
                  >
                    undo
                  </button>
                )}
                <small id={`field-${path}-hint`}>{hint}</small>
                {wrong !== '' && (
                  <p class="wrong" role="alert">
                    {wrong}
                  </p>
                )}
              </div>
            );
          })}
        </details>
      ))}
    </form>
  );
}
