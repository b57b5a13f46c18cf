/** The mesh a second time, as plain objects and lists without any short cut: the oracle for the typed-array mesh. */

export interface OraclePacket {
  readonly cycle: number;
  readonly src: number;
  readonly dst: number;
  readonly flits: number;
  /** All its destinations, if they are several; `dst` is the first then. */
  readonly dsts?: readonly number[];
}

/** A packet of a node, or a piece of a vector that goes to several. */
interface Piece {
  readonly packet: number;
  readonly flits: number;
}

export interface OracleParams {
  readonly rows: number;
  readonly cols: number;
  readonly vcs: number;
  readonly depth: number;
  readonly routerStages: 3 | 4;
  readonly linkLatency_cycles: number;
  readonly creditDelay_cycles: number;
  readonly waitForTailCredit: boolean;
  readonly speculative: boolean;
}

interface Flit {
  readonly piece: Piece;
  readonly head: boolean;
  readonly tail: boolean;
}

interface InputVc {
  readonly queue: Flit[];
  state: 'idle' | 'routing' | 'waiting' | 'active';
  output: number;
  outVc: number;
  /** Outputs that the packet at the front goes to after this one, and its flits that have gone to this one but stay. */
  further: readonly number[];
  sent: number;
}

interface OutputVc {
  credits: number;
  taken: boolean;
  tailSent: boolean;
}

interface Node {
  readonly inputs: InputVc[][];
  readonly outputs: OutputVc[][];
  readonly source: OutputVc[];
  readonly waiting: Piece[];
  sent: number;
  vc: number;
  lastVc: number;
  readonly vcGrant: number[];
  readonly vcAccept: number[];
  readonly switchGrant: number[];
  readonly switchAccept: number[];
  readonly firstVc: number[];
}

const PORTS = [0, 1, 2, 3, 4];
const LOCAL = 4;

/** Delivery cycle of every packet at each of its destinations. */
export function runObjectMesh(params: OracleParams, packets: readonly OraclePacket[]): number[][] {
  const { rows, cols, vcs, depth } = params;
  const newOutput = (): OutputVc => ({ credits: depth, taken: false, tailSent: false });
  const newInput = (): InputVc => ({
    queue: [],
    state: 'idle',
    output: -1,
    outVc: -1,
    further: [],
    sent: 0,
  });
  const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make);
  const nodes: Node[] = list(rows * cols, () => ({
    inputs: PORTS.map(() => list(vcs, newInput)),
    outputs: PORTS.map(() => list(vcs, newOutput)),
    source: list(vcs, newOutput),
    waiting: [],
    sent: 0,
    vc: -1,
    lastVc: vcs - 1,
    vcGrant: list(5 * vcs, () => 0),
    vcAccept: list(5 * vcs, () => 0),
    switchGrant: list(5, () => 0),
    switchAccept: list(5, () => 0),
    firstVc: list(5, () => 0),
  }));
  const later = new Map<number, (() => void)[]>();
  const at = (cycle: number, action: () => void): void => {
    later.set(cycle, [...(later.get(cycle) ?? []), action]);
  };
  const dstsOf = ({ dst, dsts = [dst] }: OraclePacket): readonly number[] => dsts;
  const piecesOf = (packet: OraclePacket): number[] =>
    dstsOf(packet).length === 1
      ? [packet.flits]
      : Array.from({ length: Math.ceil(packet.flits / depth) }, (_, i) =>
          Math.min(depth, packet.flits - i * depth),
        );
  const missing = packets.map(packet => dstsOf(packet).map(() => piecesOf(packet).length));
  const delivered = packets.map(packet => dstsOf(packet).map(() => -1));
  const beside = (node: number, port: number): number => node + [1, -1, cols, -cols][port];
  const route = (node: number, dst: number): number => {
    if (dst % cols !== node % cols) return dst % cols > node % cols ? 0 : 1;
    if (dst === node) return LOCAL;
    return dst > node ? 2 : 3;
  };
  /** Outputs of the routes to all destinations that lead through `node`. */
  const routes = (here: number, packet: number): number[] => {
    const outputs = new Set<number>();
    for (const dst of dstsOf(packets[packet])) {
      let node = packets[packet].src;
      while (node !== here && node !== dst) node = beside(node, route(node, dst));
      if (node === here) outputs.add(route(here, dst));
    }
    return [...outputs].toSorted((a, b) => a - b);
  };
  const giveBack = (vc: OutputVc): void => {
    vc.credits++;
    if (params.waitForTailCredit && vc.tailSent && vc.credits === depth) vc.taken = false;
  };
  const take = (vc: OutputVc, flit: Flit): void => {
    vc.credits--;
    if (!flit.tail) return;
    vc.tailSent = true;
    if (!params.waitForTailCredit) vc.taken = false;
  };
  const begin = (node: number, input: InputVc): void => {
    const [output, ...further] = routes(node, input.queue[0].piece.packet);
    Object.assign(input, { output, further, sent: 0 });
    input.state = params.routerStages === 4 ? 'routing' : 'waiting';
  };
  const arrive = (node: number, port: number, vc: number, flit: Flit): void => {
    const input = nodes[node].inputs[port][vc];
    input.queue.push(flit);
    if (input.state === 'idle') begin(node, input);
  };

  for (let cycle = 0; delivered.flat().includes(-1); cycle++) {
    for (const action of later.get(cycle) ?? []) action();
    later.delete(cycle);
    packets.forEach((packet, i) => {
      if (packet.cycle !== cycle) return;
      nodes[packet.src].waiting.push(...piecesOf(packet).map(flits => ({ packet: i, flits })));
    });
    nodes.forEach((node, here) => {
      inject(node, here, cycle);
    });
    nodes.forEach((node, here) => {
      const wins = allocateSwitch(node);
      const routed = node.inputs.flat().filter(input => input.state === 'routing');
      allocateVcs(node);
      for (const input of routed) input.state = 'waiting';
      for (const [port, vc] of wins) {
        const { state, output, outVc } = node.inputs[port][vc];
        if (state === 'active' && node.outputs[output][outVc].credits > 0)
          traverse(node, here, port, vc, cycle);
      }
    });
  }
  return delivered;

  function inject(node: Node, here: number, cycle: number): void {
    const piece = node.waiting[0];
    if (piece === undefined) return;
    if (node.vc < 0) {
      const turn = list(vcs, () => 0).map((_, i) => (node.lastVc + 1 + i) % vcs);
      node.vc = turn.find(v => !node.source[v].taken && node.source[v].credits > 0) ?? -1;
      if (node.vc < 0) return;
      node.lastVc = node.vc;
      node.source[node.vc].taken = true;
      node.source[node.vc].tailSent = false;
    }
    const { vc } = node;
    if (node.source[vc].credits === 0) return;
    const flit = { piece, head: node.sent === 0, tail: node.sent + 1 === piece.flits };
    node.sent++;
    take(node.source[vc], flit);
    at(cycle + 2, () => arrive(here, LOCAL, vc, flit));
    if (flit.tail) {
      node.waiting.shift();
      node.sent = 0;
      node.vc = -1;
    }
  }

  function allocateSwitch(node: Node): [port: number, vc: number][] {
    const wanted: number[][] = PORTS.map(() => []);
    const candidate = new Map<string, number>();
    for (const port of PORTS) {
      for (let i = 0; i < vcs; i++) {
        const vc = (node.firstVc[port] + i) % vcs;
        const { state, queue, output, outVc, sent } = node.inputs[port][vc];
        if (state !== 'active' || queue.length === sent || node.outputs[output][outVc].credits === 0)
          continue;
        if (candidate.has(`${port}/${output}`)) continue;
        candidate.set(`${port}/${output}`, vc);
        wanted[port].push(output);
      }
    }
    for (const port of params.speculative ? PORTS : []) {
      for (let i = 0; i < vcs; i++) {
        const vc = (node.firstVc[port] + i) % vcs;
        const { state, output } = node.inputs[port][vc];
        if (state !== 'waiting' || candidate.has(`${port}/${output}`)) continue;
        if (!node.outputs[output].some(({ taken, credits }) => !taken && credits > 0)) continue;
        candidate.set(`${port}/${output}`, vc);
        wanted[port].push(output);
      }
    }
    const match = islip(wanted, 5, node.switchGrant, node.switchAccept);
    return match.map(([port, output]) => {
      const vc = candidate.get(`${port}/${output}`)!;
      node.firstVc[port] = (vc + 1) % vcs;
      return [port, vc];
    });
  }

  function allocateVcs(node: Node): void {
    const wanted = node.inputs.flat().map(input => {
      if (input.state !== 'waiting') return [];
      const free = node.outputs[input.output].map((vc, v) => (vc.taken ? -1 : v)).filter(v => v >= 0);
      return free.map(v => input.output * vcs + v);
    });
    for (const [from, to] of islip(wanted, 5 * vcs, node.vcGrant, node.vcAccept)) {
      const input = node.inputs.flat()[from];
      input.state = 'active';
      input.outVc = to % vcs;
      const output = node.outputs[input.output][input.outVc];
      output.taken = true;
      output.tailSent = false;
    }
  }

  function traverse(node: Node, here: number, port: number, vc: number, cycle: number): void {
    const input = node.inputs[port][vc];
    const { output, outVc } = input;
    const { linkLatency_cycles: link, creditDelay_cycles: credit } = params;
    if (input.further.length > 0) {
      const copy = input.queue[input.sent++];
      take(node.outputs[output][outVc], copy);
      at(cycle + 2 + link, () => arrive(beside(here, output), output ^ 1, outVc, copy));
      if (!copy.tail) return;
      const [next, ...further] = input.further;
      Object.assign(input, { output: next, further, sent: 0, state: 'waiting' });
      return;
    }
    const flit = input.queue.shift()!;
    take(node.outputs[output][outVc], flit);
    if (port === LOCAL) at(cycle + 2, () => giveBack(node.source[vc]));
    else at(cycle + 1 + link + credit, () => giveBack(nodes[beside(here, port)].outputs[port ^ 1][vc]));
    if (output === LOCAL) {
      at(cycle + 5 + credit, () => giveBack(node.outputs[output][outVc]));
      const { packet } = flit.piece;
      const dst = dstsOf(packets[packet]).indexOf(here);
      if (flit.tail && --missing[packet][dst] === 0) delivered[packet][dst] = cycle + 3;
    } else {
      at(cycle + 2 + link, () => arrive(beside(here, output), output ^ 1, outVc, flit));
    }
    if (!flit.tail) return;
    input.state = 'idle';
    if (input.queue.length > 0) begin(here, input);
  }
}

/** One iteration of iSLIP on lists of wanted outputs; moves the pointers of the pairs that it returns. */
function islip(
  wanted: readonly number[][],
  outputs: number,
  grant: number[],
  accept: number[],
): [number, number][] {
  const inputs = wanted.length;
  const granted: number[][] = wanted.map(() => []);
  for (let output = 0; output < outputs; output++) {
    for (let i = 0; i < inputs; i++) {
      const input = (grant[output] + i) % inputs;
      if (!wanted[input].includes(output)) continue;
      granted[input].push(output);
      break;
    }
  }
  const match: [number, number][] = [];
  granted.forEach((offers, input) => {
    for (let i = 0; i < outputs; i++) {
      const output = (accept[input] + i) % outputs;
      if (!offers.includes(output)) continue;
      match.push([input, output]);
      grant[output] = (input + 1) % inputs;
      accept[input] = (output + 1) % outputs;
      break;
    }
  });
  return match;
}
