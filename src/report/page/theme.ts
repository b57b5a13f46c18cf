/** Light or dark: what the reader's system prefers, until the button says otherwise. */
import { DARK, type FigureStyle, LIGHT } from '../figures/style.ts';
import { find } from './dom.ts';

const query = matchMedia('(prefers-color-scheme: dark)');
let chosen: boolean | undefined;
const listeners: (() => void)[] = [];

const isDark = (): boolean => chosen ?? query.matches;

/** Of a figure as wide as its place; small on a narrow screen. */
export function figureStyle(width: number): FigureStyle {
  const base = isDark() ? DARK : LIGHT;
  return Object.assign({}, base, { width, fontSize: width < 500 ? 11 : 13 });
}

/** For pictures that are saved: on white, whatever the screen shows. */
export const printStyle = (width: number): FigureStyle => Object.assign({}, LIGHT, { width });

export const onTheme = (listener: () => void): void => void listeners.push(listener);

export function startTheme(): void {
  const toggle = find('#theme');
  const show = (): void => {
    if (chosen !== undefined) document.documentElement.dataset.theme = chosen ? 'dark' : 'light';
    toggle.setAttribute('aria-pressed', String(isDark()));
    for (const listener of listeners) listener();
  };
  toggle.addEventListener('click', () => {
    chosen = !isDark();
    show();
  });
  query.addEventListener('change', show);
  toggle.setAttribute('aria-pressed', String(isDark()));
}
