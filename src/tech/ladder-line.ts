/**
 * One line of a crossbar as a resistive ladder, solved exactly and in linear time: nodes behind each other, each with a
 * load to ground; resistances 0 are allowed. Node 0 is next to the end where the line is driven or sensed. Units are the
 * caller's, as long as load times resistance is a number.
 */

/** Resistances of a line. */
export interface LineWire {
  /** Between the end (driver or sense amplifier included) and node 0. */
  readonly end: number;
  /** Between neighbours. */
  readonly segment: number;
}

/** Admittance of each node and all nodes behind it, [node], from their `loads`. */
export function admittances(loads: Float64Array, { segment }: LineWire, into: Float64Array): void {
  let behind = 0;
  for (let k = loads.length - 1; k >= 0; k--) {
    behind = loads[k] + behind / (1 + segment * behind);
    into[k] = behind;
  }
}

/**
 * Voltage of each node over that of the end; by reciprocity also the share of a current into a node that leaves at an end
 * at ground.
 */
export function attenuation(admittance: Float64Array, { end, segment }: LineWire, into: Float64Array): void {
  let v = 1;
  let wire = end;
  for (let k = 0; k < admittance.length; k++) {
    v /= 1 + wire * admittance[k];
    into[k] = v;
    wire = segment;
  }
}

/** Resistance between each node and ground, the end at ground: what a unit of current into a node raises it by. */
export function impedances(
  loads: Float64Array,
  admittance: Float64Array,
  { end, segment }: LineWire,
  into: Float64Array,
): void {
  let towards = end;
  for (let k = 0; k < loads.length; k++) {
    into[k] = towards / (1 + admittance[k] * towards);
    towards = segment + towards / (1 + loads[k] * towards);
  }
}

/** Voltages of the nodes for `currents` into them, the end at ground. */
export function voltages(
  currents: Float64Array,
  admittance: Float64Array,
  { end, segment }: LineWire,
  into: Float64Array,
): void {
  // First what each node and all behind it would send on if the line were cut there to ground, then back from the end.
  let sent = 0;
  for (let k = currents.length - 1; k >= 0; k--) {
    const behind = k + 1 < currents.length ? admittance[k + 1] : 0;
    sent = currents[k] + sent / (1 + segment * behind);
    into[k] = sent;
  }
  let v = 0;
  let wire = end;
  for (let k = 0; k < currents.length; k++) {
    v = (v + wire * into[k]) / (1 + wire * admittance[k]);
    into[k] = v;
    wire = segment;
  }
}
