/** TReX, arXiv 2408.12742, Table IV: DeiT-S on 64x64 FeFET crossbars; figures as printed, in mJ, ms, mm2. */

export interface PublishedRow {
  readonly name: string;
  /** Reuse encoders: not printed, but the only number that gives the row. */
  readonly reuse: number;
  readonly energy_mJ?: string;
  readonly delay_ms?: string;
  readonly area_mm2?: string;
  readonly edap?: string;
  readonly topsPerWatt?: string;
  readonly topsPerMm2?: string;
}

export const TABLE_IV: readonly PublishedRow[] = [
  {
    name: 'DeiT-S',
    reuse: 0,
    energy_mJ: '0.13',
    delay_ms: '10.92',
    area_mm2: '775.2',
    edap: '1115.23',
    topsPerWatt: '34.45',
    topsPerMm2: '0.00054',
  },
  {
    name: 'TReX-D-9',
    reuse: 3,
    energy_mJ: '0.12',
    delay_ms: '8.46',
    area_mm2: '701.1',
    edap: '700.2',
    topsPerWatt: '35.49',
    topsPerMm2: '0.00077',
  },
  {
    name: 'TReX-D-7',
    reuse: 5,
    energy_mJ: '0.11',
    delay_ms: '6.82',
    area_mm2: '651.7',
    edap: '484.15',
    topsPerWatt: '36.32',
    topsPerMm2: '0.00102',
  },
  // Fig. 13 names this point; Table IV prints no row for it.
  { name: 'TReX-D-6.5', reuse: 6 },
  {
    name: 'TReX-D-6',
    reuse: 7,
    energy_mJ: '0.1',
    delay_ms: '5.18',
    area_mm2: '602.3',
    edap: '311.43',
    topsPerWatt: '37.31',
    topsPerMm2: '0.00145',
  },
  {
    name: 'TReX-D-4',
    reuse: 9,
    energy_mJ: '0.091',
    delay_ms: '3.54',
    area_mm2: '552.9',
    edap: '177.6',
    topsPerWatt: '38.49',
    topsPerMm2: '0.00232',
  },
];

/** Digits after the point of a printed figure. */
const decimals = (printed: string): number => printed.split('.')[1]?.length ?? 0;

/** Our figure with the digits of the printed one. */
export const withPrintedDigits = (value: number, printed: string): string => value.toFixed(decimals(printed));
