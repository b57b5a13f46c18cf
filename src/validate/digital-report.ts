/** docs/validation.md, buffers and network: the fitted laws against single runs of CACTI 7 and DSENT, and published blocks. */

import { MM2, MW, NS, PJ, UW } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { loadTech } from '../run/node/load.ts';
import { bufferCost } from '../tech/buffer-cost.ts';
import { linkCost, routerCost } from '../tech/noc-cost.ts';
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
    'DSENT, router of 5 ports, 2 VCs of 4 flits, 1 GHz: energies are sums of its buffer, crossbar, allocator and clock; the law is a line',
    'through the four flit widths at 32 nm. The rows at 22 and 45 nm set `cmos-22nm` and `cmos-45nm`, by one width each.',
    '',
    markdownTable(['router, wire', 'reference', 'ours', 'difference'], networkSpots(cmos).map(cells)),
  ].join('\n');
}

function bufferSpots(at32: Digital, at45: Digital): Spot[] {
  const sram = bufferCost(at32, 64 * KIB, 256, 1);
  const access_s = at32.buffer.access.a * 64 ** at32.buffer.access.b * 4 ** at32.buffer.access.c;
  const edram = bufferCost(at32, 64 * KIB, 256, 1, 'edram');
  const larger = bufferCost(at32, 128 * KIB, 256, 1, 'edram');
  const older = bufferCost(at45, 64 * KIB, 256, 1);
  const cacti = 'CACTI 7, 32 nm LSTP, 64 KB, 256 bit';
  return [
    { what: `${cacti}: read`, unit: 'pJ/bit', reference: 0.085, ours: sram.read_J / PJ },
    { what: `${cacti}: write`, unit: 'pJ/bit', reference: 0.19, ours: sram.write_J / PJ },
    { what: `${cacti}: access`, unit: 'ns', reference: 1.66, ours: access_s / NS },
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

/** Flit width; buffer write and read, crossbar, allocator, clock in pJ; mm2; mW with LVT transistors. */
const ROUTERS: readonly (readonly [number, number, number, number, number, number, number, number])[] = [
  [32, 0.471, 0.376, 0.302, 0.081, 0.181, 0.009, 3.97],
  [64, 0.925, 0.72, 0.591, 0.081, 0.289, 0.0198, 7.57],
  [128, 1.833, 1.408, 1.171, 0.081, 0.515, 0.0486, 14.8],
  [256, 3.648, 2.785, 2.33, 0.081, 0.963, 0.136, 29],
];

function networkSpots(cmos: Record<22 | 32 | 45, Digital>): Spot[] {
  // One stage of clock, as DSENT gives it; leakage of LVT transistors.
  const router = (digital: Digital, width: number) => routerCost(digital, width, 1);
  const leak = ({ router: r }: Digital, width: number): number => r.leakagePerBit * width + r.leakageBase;
  const rows = ROUTERS.flatMap(([width, bw, br, xb, sa, clk, area, leakage]): Spot[] => {
    const cost = router(cmos[32], width);
    const name = `DSENT, 32 nm, ${width} bit`;
    return [
      { what: `${name}: flit`, unit: 'pJ', reference: bw + br + xb + sa + clk, ours: cost.energy_J / PJ },
      { what: `${name}: area`, unit: 'mm2', reference: area, ours: cost.area_m2 / MM2 },
      { what: `${name}: leakage`, unit: 'mW', reference: leakage, ours: leak(cmos[32], width) / MW },
    ];
  });
  const other = [
    {
      what: 'DSENT, 22 nm, 64 bit: flit',
      unit: 'pJ',
      reference: 0.443 + 0.332 + 0.272 + 0.037 + 0.16,
      ours: router(cmos[22], 64).energy_J / PJ,
    },
    {
      what: 'DSENT, 45 nm, 64 bit: flit',
      unit: 'pJ',
      reference: 1.677 + 1.31 + 1.074 + 0.147 + 0.522,
      ours: router(cmos[45], 64).energy_J / PJ,
    },
    {
      what: 'ISAAC in Accelergy, 32 nm, 8 ports: 256 bit',
      unit: 'pJ',
      reference: 20.74,
      ours: (8 * router(cmos[32], 32).energy_J) / PJ,
    },
    ...([22, 32, 45] as const).map(nm => ({
      what: `DSENT, wire of 64 bit and 1 mm, ${nm} nm`,
      unit: 'pJ',
      reference: 64 * { 22: 0.0236, 32: 0.0324, 45: 0.04 }[nm],
      ours: linkCost(cmos[nm], 64, 1e-3).energy_J / PJ,
    })),
  ];
  return [...rows, ...other];
}

function cells({ what, unit, reference, ours }: Spot): string[] {
  const percent = (ours / reference - 1) * 100;
  const difference = `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
  return [what, `${reference.toPrecision(4)} ${unit}`, `${ours.toPrecision(4)} ${unit}`, difference];
}
