/** Figures of a report, in the theme and the width of the page. */
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DARK, type FigureStyle, LIGHT } from 'trex-sim/charts';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function useStyle(width: number): FigureStyle {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const listen = (): void => setDark(dark.matches);
    dark.addEventListener('change', listen);
    return () => dark.removeEventListener('change', listen);
  }, []);
  return { ...(isDark ? DARK : LIGHT), width, fontSize: width < 500 ? 11 : 13 };
}

/** Whole pixels of an element, whenever they change. */
export function useWidth(place: RefObject<Element | null>, least = 240): number {
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(least, Math.floor(entry.contentRect.width))),
    );
    if (place.current !== null) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** `draw` gives markup of the library, in which every name is escaped. */
export function Figure({
  draw,
  onKey,
}: {
  readonly draw: (style: FigureStyle) => string;
  readonly onKey?: (key: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const style = useStyle(width);
  const open = (event: Event): void => {
    const key = (event.target as Element).closest('[data-key]')?.getAttribute('data-key');
    if (key !== null && key !== undefined) onKey?.(Number(key));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the bars inside are buttons
    <div
      ref={place}
      class="figure"
      onClick={open}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === ' ') open(event);
      }}
      dangerouslySetInnerHTML={{ __html: draw(style) }}
    />
  );
}
