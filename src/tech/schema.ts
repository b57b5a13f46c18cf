/** What a technology file may say: a crossbar as a macro or as circuits, a mix of two devices, or the digital cells of a node. */
import * as z from 'zod';
import { actionTime, block, count, factor, quantity } from '../base/fields.ts';
import { adcSchema } from './circuit/adc/all.ts';
import { cellSchema } from './circuit/cell/all.ts';
import { driveFields } from './circuit/fields.ts';
import { idleRows } from './circuit/idle-rows.ts';
import { ADC_ARCHITECTURES, DEVICES } from './circuit/laws.ts';
import { measuredOn, verified } from './circuit/measured-on.ts';
import { driftCompensationSchema } from './drift-compensation-schema.ts';
import { ENCODING_NAMES } from './encodings.ts';
import { noiseSchema } from './noise-schema.ts';

const positive = { positive: true };
const ratio = { min: 0, max: 1 };

/** Energy and time of one action. */
const cost = block({ energy: quantity('J'), time: actionTime() });

const share = quantity('%', ratio).optional();

/**
 * Shares of a macro's published total, so that a component that charges its own cost can take its share out first. What is not
 * given is unknown: a chip that needs it refuses the file.
 */
const shares = block({
  energy: block({
    readCircuit: share,
    adc: share,
    accumulator: share,
    interconnect: share,
    buffer: share,
  }).prefault({}),
  area: block({
    array: share,
    adc: share,
    accumulator: share,
    interconnect: share,
    buffer: share,
    other: share,
  }).prefault({}),
})
  .prefault({})
  .meta({
    description:
      'of the totals of a read and of the area; needed of what the chip counts on its own, and where its PEs have other numbers of ADC banks and write drivers than `included` says',
  });

/** A PE of the source, whose crossbars share converters and write drivers: the totals of a crossbar hold its share of them. */
const included = block({
  crossbars: count(1, 1024).default(1),
  adcBanks: count(1, 1024).default(1),
  writeDrivers: count(1, 1024).default(1),
})
  .prefault({})
  .meta({
    description:
      'PE that the totals were counted on; another number of banks or write drivers for as many crossbars changes area and leakage by the shares of adc and accumulator, and of other',
  });

const cell = block({
  device: z.enum(DEVICES),
  bits: count(1, 4).meta({ description: 'of a weight in one cell' }),
  endurance: factor(1)
    .optional()
    .meta({ description: 'writes a cell survives; absent: unknown, or unlimited for SRAM' }),
  onResistance: quantity('ohm', positive).optional(),
  offResistance: quantity('ohm', positive).optional(),
  idle: idleRows.optional(),
  measuredOn,
});

const adc = block({
  kind: z.enum(ADC_ARCHITECTURES),
  bits: count(1, 14),
  columns: count(1, 1024).meta({ description: 'columns that share one ADC' }),
});

const common = {
  name: z.string().min(1),
  description: z.string().optional(),
  use: z.string().optional().meta({ description: 'a technology file whose values this one starts from' }),
  node: quantity('m', positive),
};

/** Of files with published figures. */
const scaling = z.enum(['none', 'circuit-laws']).default('none').meta({
  description:
    'published figures away from the point that they were measured at: none refuses, circuit-laws scales each as its law',
});

const encoding = z.enum(ENCODING_NAMES).optional().meta({
  description: 'how signed weights stand in cells; absent: offset for bistable cells, else differential',
});

/** One crossbar given by its published totals. A read is one input vector's visit, as the source counts it. */
export const macroSchema = block({
  ...common,
  level: z.literal('macro'),
  cell,
  encoding,
  crossbar: block({ rows: count(1, 4096), cols: count(1, 4096) }),
  adc,
  scaling,
  read: block({
    ...cost.shape,
    inputBits: count(1, 16).optional().meta({
      description: 'of the vector that one read stands for where bit planes are omitted; absent: any',
    }),
  }).meta({ description: 'one input vector, all columns' }),
  write: block({ energy: quantity('J'), time: actionTime(), verified, measuredOn }).meta({
    description: 'programming the whole array',
  }),
  area: quantity('m2', positive).meta({ description: 'of one crossbar with its share of the periphery' }),
  leakage: quantity('W').prefault('0 W').meta({ description: 'of one crossbar' }),
  shares,
  included,
  noise: noiseSchema.optional(),
  driftCompensation: driftCompensationSchema.optional(),
});

/** One crossbar given by its circuits: the laws of circuit/ make its figures from cell, node, size and converter. */
export const circuitSchema = block({
  ...common,
  level: z.literal('circuit'),
  cell: cellSchema,
  encoding,
  crossbar: block({ rows: count(1, 4096), cols: count(1, 4096) }),
  adc: adcSchema,
  scaling,
  ...driveFields,
  pipeline: z
    .enum(['none', 'plane'])
    .default('none')
    .meta({ description: 'plane: the next bit plane is driven while the last is converted' }),
  noise: noiseSchema.optional(),
  driftCompensation: driftCompensationSchema.optional(),
});

/** Devices on one chip: known weights on one, matrices made at run time on the other, single layers on further ones. */
const hybridSchema = block({
  name: z.string().min(1),
  description: z.string().optional(),
  use: z.string().optional().meta({ description: 'a technology file whose values this one starts from' }),
  level: z.literal('hybrid'),
  static: z.string().meta({ description: 'technology of layers whose weights are known' }),
  dynamic: z.string().meta({ description: 'technology of QK^T and SV' }),
  layers: z
    .array(
      block({
        match: z
          .string()
          .min(1)
          .meta({ description: 'names of layers, such as e0.fc1; * stands for any text' }),
        tech: z.string().meta({ description: 'technology of these layers' }),
      }),
    )
    .optional()
    .meta({ description: 'exceptions, the first that matches counts' }),
});

/** A fitted memory law: value = a * (KB)^b * (width/64 bit)^c. */
const law = (dimension: 'J/bit' | 'm2/bit' | 's') =>
  block({ a: quantity(dimension, positive), b: factor(), c: factor() });

/** Cost of one element in the vector unit. */
const perElement = block({ energy: quantity('J'), passes: count(1, 8) });

/** Of a flit written to, or read from, an input buffer. */
const flitAccess = block({
  flit: quantity('J'),
  bit: quantity('J/bit').meta({ description: 'the bit that is accessed, and its pipeline register' }),
  place: quantity('J/bit').meta({ description: 'per bit of a flit, and flit that the buffer can hold' }),
});

/** A router with flip-flops as buffers, a crossbar of multiplexers and matrix arbiters. */
const router = block({
  write: flitAccess,
  read: flitAccess,
  crossbar: block({
    flit: quantity('J'),
    bit: quantity('J/bit'),
    port: quantity('J/bit').meta({ description: 'per bit of a flit and port of the router' }),
    area: quantity('m2').meta({ description: 'where a wire of an input crosses one of an output' }),
  }),
  arbiter: block({ energy: quantity('J'), area: quantity('m2'), leakage: quantity('W') }).meta({
    description:
      'of a matrix arbiter, for the square of its requests: virtual channels at an input, ports at an output',
  }),
  clock: block({
    cycle: quantity('J'),
    bit: quantity('J/bit').meta({ description: 'per bit of a flit and port' }),
  }).meta({ description: 'clock tree, in a cycle' }),
  clockGating: factor(0, 1).meta({ description: 'share of idle cycles in which the clock is off' }),
  register: block({
    energy: quantity('J').meta({ description: 'a bit of a flit taken over, on a link' }),
    area: quantity('m2'),
    leakage: quantity('W'),
  }).meta({ description: 'a flip-flop of buffers and pipeline' }),
  mux: block({ area: quantity('m2'), leakage: quantity('W') }).meta({
    description: 'a multiplexer of two bits; buffers are read, and crossbars built, by trees of them',
  }),
  leakageScale: factor(0, 1).meta({ description: 'of the chip as built to the leakage above' }),
});

/** Digital cells and memories of one node. */
const digitalSchema = block({
  ...common,
  level: z.literal('digital'),
  buffer: block({
    read: law('J/bit'),
    write: law('J/bit'),
    area: law('m2/bit'),
    access: law('s'),
    stages: count(1, 8).meta({
      description:
        'into which an access is pipelined at most; 1: a port takes nothing new before an access ends',
    }),
    leakage: quantity('W/B'),
  }),
  edram: block({
    read: law('J/bit'),
    write: law('J/bit'),
    access: actionTime(positive).meta({
      description: 'of a port, which takes nothing new before it ends',
    }),
    cell: quantity('m2/bit', positive),
    periphery: quantity('m2').meta({ description: 'of one buffer, whatever it holds' }),
    refresh: quantity('W/B').meta({ description: 'drawn all the time, leakage included' }),
  })
    .optional()
    .meta({ description: 'buffers of memory: edram' }),
  adder: block({ energy: quantity('J'), area: quantity('m2') }).meta({
    description: 'one 32-bit addition; one adder',
  }),
  wire: block({ energy: quantity('J/bit/m'), delay: quantity('s/m'), leakage: quantity('W/bit/m') }),
  logic: block({
    delay: quantity('s', positive).meta({
      description: 'of an adder, a router stage or a vector lane; a faster clock gives them several cycles',
    }),
  }),
  router,
  controller: block({ energy: quantity('J'), area: quantity('m2') }).meta({
    description: 'one issued job; one tile controller',
  }),
  softmaxLane: block({ area: quantity('m2') }).meta({ description: 'one softmax unit' }),
  vector: block({
    layernorm: perElement,
    gelu: perElement,
    add: perElement,
    mac: perElement.optional().meta({
      description: 'one product of 8-bit words and its addition to a sum; for schedule.grouped: vector',
    }),
    laneArea: quantity('m2').meta({ description: 'one lane of layernorm and gelu' }),
  }).meta({ description: 'energy per element' }),
  dram: block({
    energy: quantity('J/bit'),
    bandwidth: quantity('B/s', positive),
    latency: actionTime().meta({ description: 'until the first byte of a transfer' }),
  }),
});

export const techSchema = z.discriminatedUnion('level', [
  macroSchema,
  circuitSchema,
  hybridSchema,
  digitalSchema,
]);

/** A crossbar by its published totals, every value in SI. */
export type Macro = z.output<typeof macroSchema>;
/** A crossbar by its circuits, every value in SI. */
export type Circuit = z.output<typeof circuitSchema>;
/** The digital cells and memories of a node, every value in SI. */
export type Digital = z.output<typeof digitalSchema>;
/** Work of the vector unit that has a cost of its own. */
export type VectorEntry = Exclude<keyof Digital['vector'], 'laneArea' | 'source'>;
export type TechFile = z.output<typeof techSchema>;
/** What a crossbar is made of. */
export type Device = Macro | Circuit;
