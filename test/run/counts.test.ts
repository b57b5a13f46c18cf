/** Counts of a chip that buy time are paid for: in area or in leakage. */
import test from 'ava';
import { jsonSchema } from '../../src/arch/json-schema.ts';
import { TrexError } from '../../src/base/errors.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

/** Counts of units that share work, each with values that grow. */
const UNITS: Record<string, readonly number[]> = {
  'tile.buffer.ports': [1, 2, 4],
  'pe.adcBanks': [1, 2, 4, 8],
  'pe.writeDrivers': [1, 2, 4, 8],
  'pe.buffer.ports': [1, 2, 4],
  'globalBuffer.ports': [1, 2, 8, 16],
  'softmax.units': [1, 2, 3],
  'vector.lanes': [1, 16, 256],
};
/** How crossbars are grouped: a chip of other groups has other shares of everything, more or less of it. */
const GROUPS: Record<string, readonly number[]> = {
  'tile.pes': [1, 2, 4, 8],
  'pe.crossbars': [1, 2, 4, 8, 16],
  'chip.tiles': [64, 128],
};
const GROWS = { ...UNITS, ...GROUPS };

/** What changes the numbers that are computed, or the manner in which routers work: nothing of it is a unit more. */
const OTHERS = [
  'precision.weights',
  'precision.inputs',
  'precision.outputs',
  'precision.partialSums',
  'noc.routerStages',
];
/** How attention is cut in time: held by the tests of tiles of attention. */
const ORDER = ['schedule.attentionRows'];
/** Held by the tests of chips smaller than the network. */
const TURNS = ['schedule.batch'];
/** Held by the tests of networks on chip. */
const NETWORK = ['noc.virtualChannels', 'noc.depth'];

interface Json {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
}

/** Paths of whole numbers. */
function counts(node: Json, path: readonly string[] = []): string[] {
  return [
    ...(node.type === 'integer' ? [path.join('.')] : []),
    ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => counts(inner, [...path, key])),
    ...(node.anyOf ?? []).flatMap(option => counts(option, path)),
  ];
}

test('every count of the schema has its row', t => {
  const { else: whole } = jsonSchema('arch') as { readonly else: Json };
  t.deepEqual(
    counts(whole).sort(),
    [...Object.keys(GROWS), ...OTHERS, ...NETWORK, ...ORDER, ...TURNS].sort(),
  );
});

const CHIPS: Record<string, readonly [arch: string, tech: string]> = {
  'the paper': ['trex', 'trex-fefet-32nm'],
  'all counted': ['trex-full', 'trex-hybrid-32nm'],
  'FeFET by circuits': ['trex-full', 'fefet-32nm'],
  'SRAM by circuits': ['trex-full', 'sram-32nm'],
  'RRAM by circuits, eDRAM': ['trex-full', 'rram-32nm'],
  'digital SRAM': ['trex-full', 'sram-digital-28nm'],
  'charge in SRAM': ['trex-full', 'sram-charge-65nm'],
};
/** Softmax units of a chip that leaves their area out are warned of, see test/arch/load.test.ts. */
const OMITTED: readonly string[] = ['the paper: softmax.units'];

for (const [name, [arch, tech]] of Object.entries(CHIPS)) {
  for (const [path, values] of Object.entries(GROWS)) {
    if (OMITTED.includes(`${name}: ${path}`)) continue;
    test(`${name}: more of ${path} is not faster at the same area and leakage`, async t => {
      const memory = name.includes('eDRAM') ? ['tile.buffer.memory=edram'] : [];
      const model = tinyVit({ dim: 192, heads: 3, encoders: 1 });
      const results = [];
      for (const value of values) {
        const { result } = await run(chip(arch, { tech, set: [...memory, `${path}=${value}`] }), model);
        const leakage = result.breakdown.component.find(row => row.name === 'leakage')?.energy_J ?? 0;
        results.push({ ...result, leakage_W: leakage / result.latency_s, value });
      }
      const free: string[] = [];
      for (const less of results) {
        for (const more of results) {
          if (more.value <= less.value || more.latency_s >= less.latency_s * (1 - 1e-9)) continue;
          const [area, leakage] = [more.area_m2 / less.area_m2 - 1, more.leakage_W - less.leakage_W];
          const most = Math.max(area, leakage);
          const pays = Object.hasOwn(UNITS, path) ? most : Math.max(most, -Math.min(area, leakage));
          if (!(pays > 1e-9)) free.push(`${more.value} is faster than ${less.value}, and free`);
        }
      }
      t.deepEqual(free, []);
    });
  }
}

test('a count whose circuits have no area is refused', t => {
  const given = ['tech.given.levelShifter.area=0 um2', 'tech.given.columnSwitch.area=0 um2'];
  const error = t.throws(() => chip('trex', { tech: 'fefet-32nm', set: [...given, 'pe.writeDrivers=2'] }), {
    instanceOf: TrexError,
  });
  t.regex(error?.message ?? '', /pe\.writeDrivers: expected 1: fefet-32nm gives its write drivers no area/);
  t.notThrows(() => chip('trex', { tech: 'fefet-32nm', set: given }));
  t.throws(() => chip('isaac-ce', { set: ['pe.writeDrivers=8'] }), { message: /write drivers no area/ });
});
