/** What differs first between what a run was begun with and what one is asked for now, in words. */

const MOST_CHARS = 60;

/** "its seed is 1, now 2", "net.safetensors has changed"; undefined if all is equal, as JSON has it. */
export function firstDifference(was: unknown, is: unknown): string | undefined {
  return differing('', asJson(was), asJson(is));
}

function differing(name: string, was: unknown, is: unknown): string | undefined {
  if (JSON.stringify(was) === JSON.stringify(is)) return undefined;
  const [before, now] = [membersOf(was), membersOf(is)];
  if (before === undefined || now === undefined)
    return `its ${name === '' ? 'beginning' : name} is ${short(was)}, now ${short(is)}`;
  if ('sha256' in before && 'sha256' in now) return `${name} has changed`;
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const found = differing(key, before[key], now[key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);

/** Of an object, and of a list of files by their paths; undefined for what is compared whole. */
function membersOf(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  if (!Array.isArray(value)) return value;
  const files: [string, unknown][] = [];
  for (const item of value as unknown[]) {
    if (!isObject(item) || typeof item.path !== 'string' || !('sha256' in item)) return undefined;
    files.push([item.path, { sha256: item.sha256 }]);
  }
  return Object.fromEntries(files);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}...` : text;
};
