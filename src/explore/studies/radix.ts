/** Numbers of combinations: a combination is a number whose digits say which value of each axis, the last one fastest. */

export interface Radix {
  readonly size: number;
  digits(i: number): number[];
  /** The other way. */
  number(digits: readonly number[]): number;
}

export function mixedRadix(sizes: readonly number[]): Radix {
  return {
    size: sizes.reduce((product, size) => product * size, 1),
    digits(i) {
      const digits: number[] = new Array(sizes.length);
      let rest = i;
      for (let n = sizes.length - 1; n >= 0; n--) {
        digits[n] = rest % sizes[n];
        rest = Math.floor(rest / sizes[n]);
      }
      return digits;
    },
    number: digits => digits.reduce((number, digit, n) => number * sizes[n] + digit, 0),
  };
}
