/** Opcodes of WebAssembly that the kernels use (core specification 2.0, section 5.4; SIMD behind the prefix 0xfd). */
import { unsigned } from './leb128.ts';

/** A SIMD opcode. */
export const simd = (op: number): number[] => [0xfd, ...unsigned(op)];

/** Opcodes without immediates; those of two bytes stand behind the SIMD prefix. */
export const PLAIN = {
  i32_eqz: [0x45],
  i32_less: [0x48],
  i32_more: [0x4a],
  i32_add: [0x6a],
  i32_sub: [0x6b],
  i32_mul: [0x6c],
  i32_and: [0x71],
  i32_popcnt: [0x69],
  i32_shl: [0x74],
  i32_shr_u: [0x76],
  i32_splat: simd(0x11),
  and: simd(0x4e),
  or: simd(0x50),
  xor: simd(0x51),
  /** Bits of the first where those of the third are set, of the second elsewhere. */
  select: simd(0x52),
  less_s: simd(0x39),
  /** The sign bits of 16 bytes. */
  bits8: simd(0x64),
  shl8: simd(0x6b),
  /** Two vectors of int32 to one of 16-bit lanes, saturating. */
  narrow_s: simd(0x85),
  narrow_u: simd(0x86),
  /** floor((a b + 2^14) / 2^15) of 16-bit lanes. */
  mul15: simd(0x82),
  shl16: simd(0x8b),
  shr16_s: simd(0x8c),
  add16: simd(0x8e),
  add16_sat: simd(0x8f),
  sub16: simd(0x91),
  min16_u: simd(0x97),
  max16_s: simd(0x98),
  abs: simd(0xa0),
  low_s16: simd(0xa7),
  high_s16: simd(0xa8),
  low_u16: simd(0xa9),
  high_u16: simd(0xaa),
  shl: simd(0xab),
  shr_s: simd(0xac),
  shr_u: simd(0xad),
  add: simd(0xae),
  sub: simd(0xb1),
  mul: simd(0xb5),
  min_s: simd(0xb6),
  max_s: simd(0xb8),
  /** Sums of products of the int16 pairs in each lane; with one factor below 2^15 and non-negative, a product of lanes. */
  dot: simd(0xba),
  add64: simd(0xce),
  /** Products of the two lower or upper int32 lanes, int64. */
  product_low: simd(0xdc),
  product_high: simd(0xdd),
  f32_splat: simd(0x13),
  f32_less: simd(0x43),
  f32_more: simd(0x44),
  /** To whole numbers, ties to even. */
  f32_nearest: simd(0x6a),
  f32_abs: simd(0xe0),
  f32_neg: simd(0xe1),
  f32_sqrt: simd(0xe3),
  f32_add: simd(0xe4),
  f32_sub: simd(0xe5),
  f32_mul: simd(0xe6),
  f32_div: simd(0xe7),
  /** b < a ? b : a for a below b on the stack, and a < b ? b : a. */
  f32_pmin: simd(0xea),
  f32_pmax: simd(0xeb),
  f32_from_i32: simd(0xfa),
  i32_from_f32: simd(0xf8),
  f64_ceil: simd(0x74),
  f64_more: simd(0x4a),
  /** a >= b. */
  f64_reaches: simd(0x4c),
  f64_abs: simd(0xec),
  f64_add: simd(0xf0),
  f64_sub: simd(0xf1),
  f64_mul: simd(0xf2),
  f64_div: simd(0xf3),
  /** As those of float32. */
  f64_pmin: simd(0xf6),
  f64_pmax: simd(0xf7),
  f64_from_f32: simd(0x5f),
  f32_from_f64: simd(0x5e),
  /** The two lower lanes as float64, and back: the two upper lanes become 0. */
  f64_from_i32: simd(0xfe),
  i32_from_f64: simd(0xfc),
} as const;

/** Loads and stores: an address, then an offset in bytes that costs nothing. */
export const ACCESS = {
  i32_load: { code: [0x28], align: 2 },
  i32_load16_u: { code: [0x2f], align: 1 },
  i32_store: { code: [0x36], align: 2 },
  i32_store16: { code: [0x3b], align: 1 },
  v128_load: { code: simd(0x00), align: 2 },
  /** Four int16 as int32. */
  v128_load16x4_s: { code: simd(0x03), align: 1 },
  v128_load16_splat: { code: simd(0x08), align: 1 },
  /** Into the lower half, or lane 0; the rest becomes 0. */
  v128_load64: { code: simd(0x5d), align: 3 },
  v128_load32: { code: simd(0x5c), align: 2 },
  v128_load64_splat: { code: simd(0x0a), align: 3 },
  v128_load32_splat: { code: simd(0x09), align: 2 },
  v128_store: { code: simd(0x0b), align: 2 },
} as const;

/** The same for one lane, whose number follows the offset. */
export const LANE_ACCESS = {
  v128_load_lane: { code: simd(0x56), align: 2 },
  v128_load_lane64: { code: simd(0x57), align: 3 },
  v128_store_lane: { code: simd(0x5a), align: 2 },
} as const;
