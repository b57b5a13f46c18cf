/** The house as an SVG: rooms on their floors, sized by lines of code, and the imports that no other path explains. */
import { importsWithin, type Tree } from './imports.ts';

const WIDTH = 1000;
const FLOOR_HEIGHT = 76;
const BOX_HEIGHT = 44;
const GAP = 48;
const LEAST_WIDTH = 84;
const MARGIN = 16;

interface Box {
  readonly name: string;
  readonly lines: number;
  readonly floor: number;
  x: number;
  width: number;
}

/** A room of the picture: the first folder of the path, or a file of src/ itself. */
const roomName = (file: string): string => file.split('/')[0].replace(/\.ts$/, '');

/** The same tree gives the same bytes. */
export function housePicture(tree: Tree): string {
  const all = linksOf(tree);
  const boxes = boxesOf(tree, all);
  const links = reduced(all);
  placeBoxes(boxes, links);
  const floors = Math.max(...boxes.map(b => b.floor)) + 1;
  const height = floors * FLOOR_HEIGHT + 2 * MARGIN;
  const y = (floor: number): number =>
    height - MARGIN - (floor + 1) * FLOOR_HEIGHT + (FLOOR_HEIGHT - BOX_HEIGHT) / 2;
  const byName = new Map(boxes.map(b => [b.name, b]));
  const lines = links.map(([from, to]) => {
    const [a, b] = [byName.get(from) as Box, byName.get(to) as Box];
    const [x1, y1, x2, y2] = [a.x + a.width / 2, y(a.floor) + BOX_HEIGHT, b.x + b.width / 2, y(b.floor)];
    const middle = (y1 + y2) / 2;
    return `<path d="M${px(x1)} ${px(y1)}C${px(x1)} ${px(middle)} ${px(x2)} ${px(middle)} ${px(x2)} ${px(y2)}"/>`;
  });
  const drawn = boxes.map(b => {
    const center = px(b.x + b.width / 2);
    const top = y(b.floor);
    return [
      `<rect x="${px(b.x)}" y="${px(top)}" width="${px(b.width)}" height="${BOX_HEIGHT}" rx="5"/>`,
      `<text x="${center}" y="${px(top + 19)}" class="name">${b.name}</text>`,
      `<text x="${center}" y="${px(top + 34)}" class="size">${sizeText(b.lines)}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif">`,
    '<title>Rooms of src/ and what they import; every line goes down</title>',
    '<style>rect{fill:#eef3f8;stroke:#456}path{fill:none;stroke:#89a;stroke-width:1.2}.name{font-size:14px;font-weight:bold}' +
      '.size{font-size:11px;fill:#456}text{text-anchor:middle;fill:#123}</style>',
    `<rect x="0" y="0" width="${WIDTH}" height="${height}" style="fill:#fff;stroke:none"/>`,
    ...lines,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

/** In steps, so that the picture changes when a room does and not with every line. */
const STEP = 500;

const stepped = (lines: number): number => Math.max(1, Math.round(lines / STEP)) * STEP;
const sizeText = (lines: number): string => (lines < STEP ? 'a page' : `${stepped(lines) / 1000} k lines`);

function boxesOf(tree: Tree, links: readonly Link[]): Box[] {
  const lines = new Map<string, number>();
  for (const [file, text] of tree) {
    const name = roomName(file);
    lines.set(name, (lines.get(name) ?? 0) + text.split('\n').length);
  }
  /** One above the highest of what it imports. */
  const floorOf = (name: string): number =>
    Math.max(0, ...links.filter(([from]) => from === name).map(([, to]) => floorOf(to) + 1));
  return [...lines].map(([name, size]) => ({ name, lines: size, floor: floorOf(name), x: 0, width: 0 }));
}

type Link = readonly [from: string, to: string];

function linksOf(tree: Tree): Link[] {
  const keys = importsWithin(tree)
    .map(({ from, to }) => [roomName(from), roomName(to)])
    .filter(([from, to]) => from !== to)
    .map(pair => pair.join(' '));
  return [...new Set(keys)].sort().map(key => key.split(' ') as unknown as Link);
}

/** Without the links that a longer path implies. */
function reduced(links: readonly Link[]): Link[] {
  const next = (name: string): string[] => links.filter(([from]) => from === name).map(([, to]) => to);
  const reaches = (from: string, to: string): boolean =>
    next(from).some(step => step === to || reaches(step, to));
  return links.filter(([from, to]) => !next(from).some(step => step !== to && reaches(step, to)));
}

/** From the ground up, each floor in the order of the middle of what its rooms stand on. */
function placeBoxes(boxes: readonly Box[], links: readonly Link[]): void {
  const top = Math.max(...boxes.map(b => b.floor));
  const byName = new Map(boxes.map(b => [b.name, b]));
  for (let floor = 0; floor <= top; floor++) {
    const own = boxes.filter(b => b.floor === floor);
    const middle = (b: Box): number => {
      const below = links.filter(([from]) => from === b.name).map(([, to]) => byName.get(to) as Box);
      return below.reduce((sum, o) => sum + o.x + o.width / 2, 0) / Math.max(1, below.length);
    };
    own.sort((a, b) => middle(a) - middle(b) || (a.name < b.name ? -1 : 1));
    for (const b of own)
      b.width = Math.max(LEAST_WIDTH, b.name.length * 9 + 20, Math.min(220, stepped(b.lines) / 25));
    const total = own.reduce((sum, b) => sum + b.width, 0) + GAP * (own.length - 1);
    let x = (WIDTH - total) / 2;
    for (const b of own) {
      b.x = x;
      x += b.width + GAP;
    }
  }
}
