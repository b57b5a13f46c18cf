/** Elements of the page, and what a reader saves from it. */
import type { Cell } from '../csv.ts';

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @throws Error where the document has no such element: it and this script are of one build. */
export function find(selector: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

export function button(
  text: string,
  onClick: () => void,
  more: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const made = element('button', Object.assign({ type: 'button' }, more), [text]);
  made.addEventListener('click', onClick);
  return made;
}

/** One of several: buttons of which one is pressed. */
export function choice<Value extends string>(
  name: string,
  values: readonly (readonly [value: Value, text: string])[],
  chosen: Value,
  onChoose: (value: Value) => void,
): HTMLElement {
  const buttons = values.map(([value, text]) =>
    button(
      text,
      () => {
        for (const each of buttons) each.setAttribute('aria-pressed', String(each.dataset.value === value));
        onChoose(value);
      },
      { 'data-value': value, 'aria-pressed': String(value === chosen) },
    ),
  );
  return element('span', { role: 'group', 'aria-label': name }, buttons);
}

/** One of many. */
export function selection(
  name: string,
  values: readonly string[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLElement {
  const options = values.map(value => {
    const option = element('option', { value }, [value]);
    option.selected = value === chosen;
    return option;
  });
  const select = element('select', { 'aria-label': name }, options);
  select.addEventListener('change', () => onChoose(select.value));
  return element('label', {}, [`${name} `, select]);
}

export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function tableOf(
  [head = [], ...rows]: readonly (readonly Cell[])[],
  caption: string,
): HTMLTableElement {
  const cell = (name: 'td' | 'th', value: Cell): HTMLElement => {
    const isNumber = typeof value === 'number';
    return element(name, isNumber ? { class: 'n', 'data-value': String(value) } : {}, [
      value === null ? '' : String(value),
    ]);
  };
  return element('table', {}, [
    element('caption', {}, [caption]),
    element('thead', {}, [
      element(
        'tr',
        {},
        head.map(name => element('th', { scope: 'col' }, [String(name)])),
      ),
    ]),
    element(
      'tbody',
      {},
      rows.map(row =>
        element(
          'tr',
          {},
          row.map(value => cell('td', value)),
        ),
      ),
    ),
  ]);
}

/** Headings become buttons that sort the rows by what stands below them. */
export function sortable(table: HTMLTableElement): void {
  const heads = [...table.tHead!.rows[0].cells];
  heads.forEach((head, column) => {
    const text = head.textContent ?? '';
    head.replaceChildren(
      button(text, () => {
        const falls = head.getAttribute('aria-sort') === 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', falls ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const keyed = [...body.rows].map(row => ({ row, key: keyOf(row.cells[column]) }));
        keyed.sort((a, b) => compared(a.key, b.key) * (falls ? -1 : 1));
        body.append(...keyed.map(({ row }) => row));
      }),
    );
  });
}

function keyOf(cell: HTMLTableCellElement | undefined): number | string {
  const text = cell?.dataset.value ?? cell?.textContent ?? '';
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? text : number;
}

const compared = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
