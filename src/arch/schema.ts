/** What an architecture file may say: one file is one chip. */
import * as z from 'zod';
import { actionTime, block, count, factor, quantity } from '../base/fields.ts';
import { LEAST_CLOCK_HZ } from '../base/limits.ts';
import { BROADCASTS } from '../hw/noc/kind.ts';
import { NOC_KIND_NAMES } from '../hw/noc/registry.ts';
import { ACCOUNTING_SWITCHES, type AccountingEntry } from './accounting-switches.ts';

const positive = { positive: true };
/** The paper's accounting leaves things out; here each of them is counted or omitted by name. */
const counted = z.enum(['counted', 'omitted']);
const switchFields = Object.fromEntries(
  Object.entries<AccountingEntry>(ACCOUNTING_SWITCHES).map(([name, { description }]) => [
    name,
    description === undefined ? counted : counted.meta({ description }),
  ]),
) as Record<keyof typeof ACCOUNTING_SWITCHES, typeof counted>;

const bufferFields = {
  capacity: quantity('B', positive),
  port: quantity('bit', positive).meta({ description: 'width of one port' }),
  ports: count(1, 64),
  memory: z
    .enum(['sram', 'edram'])
    .default('sram')
    .meta({ description: 'edram: needs a digital technology that has one' }),
};
const buffer = block(bufferFields);

/** A level of buffers beside those that every chip has. */
const furtherBuffer = block({
  name: z.string().regex(/^[\w-]+$/, 'expected letters, digits, dashes or underscores'),
  per: z.enum(['chip', 'tile', 'pe']),
  ...bufferFields,
});

const cost = block({ energy: quantity('J'), time: actionTime() });

/** A block that no component models: it stands there, and draws its power as long as the chip runs. */
const extra = block({
  name: z.string().regex(/^[\w.-]+$/, 'expected letters, digits, dots, dashes or underscores'),
  per: z.enum(['chip', 'tile', 'pe']),
  count: factor(0).default(1).meta({ description: 'instances of each; 0.25 for one that four share' }),
  power: quantity('W').prefault('0 W').meta({ description: 'of one, drawn all the time' }),
  area: quantity('m2').prefault('0 m2').meta({ description: 'of one' }),
});

export const archSchema = block({
  name: z.string().min(1),
  description: z.string().optional(),
  use: z.string().optional().meta({ description: 'an architecture file whose values this one starts from' }),
  tech: z.string().meta({ description: 'technology of the crossbars: a name of `trex list tech` or a path' }),
  digital: z.string().meta({ description: 'technology of the digital blocks: a name or a path' }),
  precision: block({
    weights: count(1, 16),
    inputs: count(1, 16),
    outputs: count(1, 32),
    partialSums: count(8, 64).meta({ description: 'bits of a partial sum that travels between tiles' }),
  }),
  chip: block({
    clock: quantity('Hz', { min: LEAST_CLOCK_HZ }),
    tiles: z
      .union([z.literal('auto'), count(1, 1_000_000)])
      .meta({ description: 'auto: as many as the network needs, or as chip.area holds' }),
    area: quantity('m2', positive).optional().meta({
      description: 'beside tiles: auto; as many tiles as make a chip of at most this area',
    }),
    overflow: z.enum(['dram', 'refuse']).optional().meta({
      description:
        'dram (also where it is absent): layers that the tiles do not hold take turns and come from DRAM, and values that the global buffer does not hold go there; refuse: such a network is refused',
    }),
  }),
  tile: block({ pes: count(1, 1024), buffer }),
  pe: block({
    crossbars: count(1, 1024),
    adcBanks: count(1, 1024).meta({ description: 'crossbars of a PE that can convert at the same time' }),
    writeDrivers: count(1, 1024).meta({
      description: 'crossbars of a PE that can be programmed at the same time',
    }),
    buffer,
  }),
  globalBuffer: buffer,
  buffers: z.array(furtherBuffer).optional().meta({
    description:
      'further buffers, outermost first: what goes into a block, and results that leave a tile or come to the chip, pass them outside its own',
  }),
  noc: block({
    kind: z.enum(NOC_KIND_NAMES),
    flit: quantity('bit', positive),
    virtualChannels: count(1, 16),
    depth: count(1, 256).meta({ description: 'flits per virtual channel' }),
    routerStages: count(3, 4),
    broadcast: z.enum(BROADCASTS).meta({
      description:
        'chain: a tile hands the vector on to the next tile of its layer; tree: routers copy it on its way to all of them',
    }),
  }),
  softmax: block({
    units: z.union([z.literal('per-head'), count(1, 1024)]),
    select: cost.meta({ description: 'maximum search' }),
    exponent: cost.meta({ description: 'subtraction, exponent and sum' }),
    divide: cost,
  }).meta({ description: 'per element of a row' }),
  vector: block({
    lanes: count(1, 65536).meta({
      description: 'elements of LayerNorm, GELU and residual additions per clock',
    }),
  }),
  extras: z.array(extra).optional().meta({
    description:
      'blocks of a published chip that no component models: area, and power times the time of a run',
  }),
  schedule: block({
    encoder: z.enum(['sequential', 'token-pipelined']),
    images: z.enum(['one', 'pipelined']).default('one').meta({
      description:
        'one: an image begins when the last one has ended; pipelined: each layer takes the next one as soon as it can, as many at once as the global buffer holds',
    }),
    writes: z.enum(['serial', 'parallel', 'overlapped']).meta({
      description:
        'K^T and V one after the other, together, or K^T while later reads go on (ReTransformer, ICCAD 2020)',
    }),
    grouped: z.enum(['crossbar', 'vector', 'auto']).default('auto').meta({
      description:
        'grouped and depthwise layers: on the diagonals of crossbars, on the lanes of the vector unit, or where energy times time of one vector is less',
    }),
    attention: z.enum(['sequential', 'fused', 'two-stream']).default('sequential').meta({
      description:
        'QK^T, softmax and SV one after the other; or tile by tile of their rows: all three of a tile, then the next (FLAT), or softmax of a tile beside QK^T of the next and SV of the last (MAS-Attention, arXiv 2411.17720)',
    }),
    batch: count(1, 64).optional().meta({
      description:
        'images that pass the layers that are there before others come from DRAM, on a chip smaller than the network (COMPASS, arXiv 2501.06780); absent: one',
    }),
    attentionRows: count(1, 65536).default(16).meta({ description: 'rows of such a tile' }),
  }),
  mapping: block({
    copies: z
      .array(
        block({
          match: z
            .string()
            .min(1)
            .meta({ description: 'a name of a layer such as e0.fc1, with * for any text' }),
          copies: count(1, 1024),
        }),
      )
      .optional()
      .meta({
        description:
          'how often the arrays of a layer stand on the chip, each with a share of its vectors (ISAAC, ISCA 2016; PUMA, ASPLOS 2019); the first that matches counts',
      }),
    replicate: z.enum(['listed', 'balanced']).default('listed').meta({
      description:
        'listed: what copies says; balanced: tiles that are left over become copies of the layer that takes longest, one after another',
    }),
    order: z.enum(['snake', 'hub-near', 'traffic']).default('snake').meta({
      description:
        'tiles of layers in their order, line by line; by their way to the hub; or that, and layers with the most bits per tile first',
    }),
  })
    .optional()
    .meta({ description: 'which tiles hold what; absent: every layer once, line by line' }),
  kvCache: block({
    place: z.enum(['crossbars', 'buffers', 'dram']).default('crossbars').meta({
      description:
        'crossbars: each sequence has arrays of its own, to which a token adds a line; buffers: the global buffer, and the vector unit multiplies; dram: they are fetched for every token',
    }),
    overflow: z.enum(['none', 'buffers', 'dram']).default('none').meta({
      description:
        'where positions go that do not fit: the global buffer; or, when that is full as well, DRAM; none: refused',
    }),
    keys: z.enum(['rows', 'columns']).default('rows').meta({
      description:
        'rows: the values of a key lie along a line that is programmed at once, in arrays that are read across it; columns: across those lines, one row after another',
    }),
  })
    .optional()
    .meta({ description: 'where a decoder keeps the keys and values of its tokens; absent: on crossbars' }),
  accounting: block({
    opCount: z.enum(['trex-paper', '2-per-mac']),
    ...switchFields,
  }),
});

export type ArchFile = z.output<typeof archSchema>;
export type BufferConfig = ArchFile['tile']['buffer'];
