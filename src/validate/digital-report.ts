/** docs/validation.md, buffers and network: the fitted laws against single runs of CACTI 7 and DSENT, and published blocks. */

import { MM2, MW, NS, PJ, UW } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { loadTech } from '../run/node/load.ts';
import { bufferCost } from '../tech/buffer-cost.ts';
import { linkCost, type RouterCost, routerCost } from '../tech/noc-cost.ts';
import type { Digital } from '../tech/schema.ts';

const KIB = 1024;

interface Spot {
  readonly what: string;
  readonly unit: string;
  readonly reference: number;
  readonly ours: number;
}

/** The section on buffers and network. */
export function digitalReport(): string {
  const at = (name: string): Digital => loadTech(name).tech as Digital;
  const cmos = { 22: at('cmos-22nm'), 32: at('cmos-32nm'), 45: at('cmos-45nm') };
  return [
    '## Buffers, routers and wires',
    'CACTI: 64 KB with a port of 256 bits is one of the 13 x 4 runs that the law is fitted to, with 20 % rms error in reads, 13 % in writes',
    'and 19 % in area, so it checks the fit; other rows are of other tools and machines and set nothing.',
    '',
    markdownTable(['buffer', 'reference', 'ours', 'difference'], bufferSpots(cmos[32], cmos[45]).map(cells)),
    '',
    'The CACTI of MNSIM is an older release; 2 to 5 times above today is its known distance. eDRAM stands for what ISAAC and PUMA put into a',
    'tile: two capacities of the PUMA simulator set the law; the power of ISAAC is a read of it at every cycle of 1.2 GHz.',
    '',
    'DSENT, router of 2 VCs of 4 flits, 1 GHz. Constants are set by the four flit widths at 32 nm (5 ports), those of ports by the row of 8;',
    'the rows at 22 and 45 nm set `cmos-22nm` and `cmos-45nm`, by one width each. How a block grows is that of its circuit in DSENT:',
    'flip-flops that all see a flit, read through a tree of multiplexers (VCs x depth places a port), a crossbar as large as its wires,',
    'matrix arbiters of the VCs at an input and of the ports at an output. No row has another number of VCs or another depth.',
    "PUMA's routers are of another tool, at a load that is not given, and set nothing.",
    '',
    markdownTable(['router, wire', 'reference', 'ours', 'difference'], networkSpots(cmos).map(cells)),
    '',
    'What is bought is paid for; 128 bit, 5 ports, 32 nm:',
    '',
    bought(cmos[32]),
  ].join('\n');
}

function bufferSpots(at32: Digital, at45: Digital): Spot[] {
  const sram = bufferCost(at32, 64 * KIB, 256, 1);
  const edram = bufferCost(at32, 64 * KIB, 256, 1, 'edram');
  const larger = bufferCost(at32, 128 * KIB, 256, 1, 'edram');
  const older = bufferCost(at45, 64 * KIB, 256, 1);
  const cacti = 'CACTI 7, 32 nm LSTP, 64 KB, 256 bit';
  return [
    { what: `${cacti}: read`, unit: 'pJ/bit', reference: 0.085, ours: sram.read_J / PJ },
    { what: `${cacti}: write`, unit: 'pJ/bit', reference: 0.19, ours: sram.write_J / PJ },
    { what: `${cacti}: access`, unit: 'ns', reference: 1.66, ours: sram.access_s / NS },
    { what: `${cacti}: area`, unit: 'mm2', reference: 0.0969, ours: sram.area_m2 / MM2 },
    { what: `${cacti}: leakage`, unit: 'uW', reference: 13.7, ours: sram.leakage_W / UW },
    {
      what: 'CACTI in MNSIM, 45 nm, 64 KB, 256 bit: read',
      unit: 'pJ/bit',
      reference: 0.2415,
      ours: older.read_J / PJ,
    },
    { what: 'the same: area', unit: 'mm2', reference: 0.572, ours: older.area_m2 / MM2 },
    { what: 'PUMA, eDRAM 64 KB: 256 bit', unit: 'pJ', reference: 17.2, ours: (256 * edram.read_J) / PJ },
    { what: 'PUMA, eDRAM 64 KB: two cycles', unit: 'ns', reference: 2, ours: edram.access_s / NS },
    { what: 'PUMA, eDRAM 64 KB: area', unit: 'mm2', reference: 0.086, ours: edram.area_m2 / MM2 },
    { what: 'PUMA, eDRAM 128 KB: 256 bit', unit: 'pJ', reference: 25.35, ours: (256 * larger.read_J) / PJ },
    { what: 'PUMA, eDRAM 128 KB: area', unit: 'mm2', reference: 0.121, ours: larger.area_m2 / MM2 },
    {
      what: 'ISAAC, eDRAM 64 KB: power at 1.2 GHz',
      unit: 'mW',
      reference: 20.7,
      ours: (256 * edram.read_J * 1.2e9) / MW,
    },
    { what: 'ISAAC, eDRAM 64 KB: area', unit: 'mm2', reference: 0.083, ours: edram.area_m2 / MM2 },
  ];
}

/** Flit width and ports; buffer write and read, crossbar, allocator, clock in pJ; mm2; mW with LVT transistors, where it is known. */
type RouterRow = readonly [
  width: number,
  ports: number,
  write: number,
  read: number,
  crossbar: number,
  arbiter: number,
  clock: number,
  mm2: number,
  mW?: number,
];

const ROUTERS: Readonly<Record<22 | 32 | 45, readonly RouterRow[]>> = {
  32: [
    [32, 5, 0.471, 0.376, 0.302, 0.081, 0.181, 0.009, 3.97],
    [64, 5, 0.925, 0.72, 0.591, 0.081, 0.289, 0.0198, 7.57],
    [128, 5, 1.833, 1.408, 1.171, 0.081, 0.515, 0.0486, 14.8],
    [256, 5, 3.648, 2.785, 2.33, 0.081, 0.963, 0.136, 29],
    [32, 8, 0.471, 0.384, 0.438, 0.195, 0.243, 0.0168],
  ],
  22: [[64, 5, 0.443, 0.332, 0.272, 0.037, 0.16, 0.0077, 6.5]],
  45: [[64, 5, 1.677, 1.31, 1.074, 0.147, 0.522, 0.0319]],
};

function routerSpots(nm: 22 | 32 | 45, digital: Digital): Spot[] {
  return ROUTERS[nm].flatMap(([flitBits, ports, write, read, crossbar, arbiter, clock, mm2, mW]): Spot[] => {
    const cost = routerCost(digital, { ports, virtualChannels: 2, depth: 4, flitBits });
    const name = `DSENT, ${nm} nm, ${flitBits} bit, ${ports} ports`;
    const spot = (part: string, reference: number, ours: number, unit = 'pJ'): Spot => {
      return { what: `${name}: ${part}`, unit, reference, ours };
    };
    return [
      spot('write', write, cost.write_J / PJ),
      spot('read', read, cost.read_J / PJ),
      spot('crossbar', crossbar, cost.crossbar_J / PJ),
      spot('allocator', arbiter, cost.arbiter_J / PJ),
      spot('clock', clock, cost.clock_J / PJ),
      spot('area', mm2, cost.area_m2 / MM2, 'mm2'),
      ...(mW === undefined
        ? []
        : [spot('leakage', mW, cost.leakage_W / digital.router.leakageScale / MW, 'mW')]),
    ];
  });
}

/** Energy of a cycle in which every port has a flit. */
const full = ({ flit_J, clock_J }: RouterCost, ports: number): number => ports * flit_J + clock_J;

function networkSpots(cmos: Record<22 | 32 | 45, Digital>): Spot[] {
  const reference = { ports: 8, virtualChannels: 2, depth: 4, flitBits: 32 };
  const isaac = routerCost(cmos[32], reference);
  const puma = routerCost(cmos[32], { ports: 4, virtualChannels: 2, depth: 4, flitBits: 32 });
  return [
    ...([32, 22, 45] as const).flatMap(nm => routerSpots(nm, cmos[nm])),
    {
      what: 'ISAAC in Accelergy, 32 nm, 8 ports: 256 bit',
      unit: 'pJ',
      reference: 20.74,
      ours: (8 * (isaac.flit_J + isaac.clock_J)) / PJ,
    },
    // PUMA's routers are of another tool and larger; what eight ports take over four is free of that.
    {
      what: 'PUMA, router of 8 ports over one of 4: area',
      unit: 'x',
      reference: 0.116 / 0.047,
      ours: isaac.area_m2 / puma.area_m2,
    },
    { what: 'the same: leakage', unit: 'x', reference: 1.04 / 0.41, ours: isaac.leakage_W / puma.leakage_W },
    {
      what: 'the same: power, a flit at every port',
      unit: 'x',
      reference: 51.48 / 16.13,
      ours: full(isaac, 8) / full(puma, 4),
    },
    ...([22, 32, 45] as const).map(nm => ({
      what: `DSENT, wire of 64 bit and 1 mm, ${nm} nm`,
      unit: 'pJ',
      reference: 64 * { 22: 0.0236, 32: 0.0324, 45: 0.04 }[nm],
      ours: linkCost(cmos[nm], 64, 1e-3).energy_J / PJ,
    })),
  ];
}

/** What a router of 128 bits at 32 nm costs by what it holds, its clock for 1 ns by how it is gated. */
function bought(digital: Digital): string {
  const designs = [
    [1, 1],
    [2, 4],
    [4, 8],
    [16, 16],
  ] as const;
  return markdownTable(
    ['virtual channels x flits', 'flit', 'clock, a cycle', 'area', 'leakage, LSTP'],
    designs.map(([virtualChannels, depth]) => {
      const cost = routerCost(digital, { ports: 5, virtualChannels, depth, flitBits: 128 });
      return [
        `${virtualChannels} x ${depth}`,
        `${(cost.flit_J / PJ).toFixed(2)} pJ`,
        `${(cost.clock_J / PJ).toFixed(3)} pJ`,
        `${(cost.area_m2 / MM2).toFixed(4)} mm2`,
        `${(cost.leakage_W / UW).toFixed(1)} uW`,
      ];
    }),
  );
}

function cells({ what, unit, reference, ours }: Spot): string[] {
  const percent = (ours / reference - 1) * 100;
  const difference = `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
  return [what, `${reference.toPrecision(4)} ${unit}`, `${ours.toPrecision(4)} ${unit}`, difference];
}
