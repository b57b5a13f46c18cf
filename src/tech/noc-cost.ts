/** Routers and links of a network on chip, block by block: what is bought (ports, virtual channels, depth, width) is paid for. */
import type { Digital } from './schema.ts';

/** What a router is built of. */
export interface RouterDesign {
  readonly ports: number;
  /** Of each port. */
  readonly virtualChannels: number;
  /** Flits that a virtual channel holds. */
  readonly depth: number;
  /** Bits. */
  readonly flitBits: number;
}

export interface RouterCost {
  /** One flit: written to its buffer, read, switched, arbitrated for; without the clock. */
  readonly write_J: number;
  readonly read_J: number;
  readonly crossbar_J: number;
  readonly arbiter_J: number;
  /** Sum of the four. */
  readonly flit_J: number;
  /** The clock tree of the whole router in one cycle. */
  readonly clock_J: number;
  readonly area_m2: number;
  readonly leakage_W: number;
}

export interface LinkCost {
  /** One flit over it. */
  readonly energy_J: number;
  /** Of its registers: wires run over the blocks and take no area of their own. */
  readonly area_m2: number;
  readonly leakage_W: number;
}

/**
 * A router as DSENT builds it: buffers of flip-flops, each flit's read through a tree of multiplexers; registers before
 * the buffer, before and after the crossbar; a matrix arbiter of the virtual channels at every input, and of the ports
 * at every output. A buffer's clock is gated, so that only registers load the tree.
 */
export function routerCost({ router: r }: Digital, design: RouterDesign): RouterCost {
  const { ports, virtualChannels, depth, flitBits } = design;
  const places = virtualChannels * depth;
  const access = ({ flit, bit, place }: typeof r.write): number => flit + flitBits * (bit + places * place);
  const write_J = access(r.write);
  const read_J = access(r.read);
  const crossbar_J = r.crossbar.flit + flitBits * (r.crossbar.bit + ports * r.crossbar.port);
  const requests = ports ** 2 + virtualChannels ** 2;
  const arbiter_J = r.arbiter.energy * requests;
  const cells = ({ register, mux }: Cells): number => places * (register + mux) + 3 * register - mux;
  const area: Cells = { register: r.register.area, mux: r.mux.area };
  const leakage: Cells = { register: r.register.leakage, mux: r.mux.leakage };
  return {
    write_J,
    read_J,
    crossbar_J,
    arbiter_J,
    flit_J: write_J + read_J + crossbar_J + arbiter_J,
    clock_J: r.clock.cycle + ports * flitBits * r.clock.bit,
    // The crossbar is as large as its wires; its multiplexers lie below them.
    area_m2:
      ports * flitBits * cells(area) +
      (ports * flitBits) ** 2 * r.crossbar.area +
      ports * requests * r.arbiter.area,
    leakage_W:
      (ports * flitBits * (cells(leakage) + (ports - 1) * leakage.mux) +
        ports * requests * r.arbiter.leakage) *
      r.leakageScale,
  };
}

/** A figure of a flip-flop and of a multiplexer, of one bit. */
interface Cells {
  readonly register: number;
  readonly mux: number;
}

/** `flitBits` wires of `length_m` metres, in one direction, with `registers` on the way that cut it into cycles. */
export function linkCost(
  { router, wire }: Digital,
  flitBits: number,
  length_m: number,
  registers = 0,
): LinkCost {
  const { register, leakageScale } = router;
  return {
    energy_J: flitBits * (wire.energy * length_m + registers * register.energy),
    area_m2: flitBits * registers * register.area,
    leakage_W: flitBits * (wire.leakage * length_m + registers * register.leakage) * leakageScale,
  };
}
