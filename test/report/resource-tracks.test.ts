import test from 'ava';
import { type BusySlice, type ResourceTrack, ResourceTracks } from '../../src/report/resource-tracks.ts';
import { Component } from '../../src/sim/component.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import { Resource } from '../../src/sim/resource.ts';

class Block extends Component {
  readonly port: Resource;

  constructor(parent: Component | Kernel, name: string, servers: number, count = 1) {
    super(parent, name);
    if (count > 1) this.standsFor(count, 'blocks');
    this.port = this.resource('ports', new Resource(this.kernel, servers));
  }
}

interface Put extends BusySlice {
  readonly track: ResourceTrack;
}

function watch(root: Component): { puts: Put[]; tracks: ResourceTracks } {
  const puts: Put[] = [];
  return { puts, tracks: new ResourceTracks(root, (track, slice) => puts.push({ ...slice, track })) };
}

test('a slice is the time in which some resource of a kind is at work, and adds up what all of them do', t => {
  const kernel = new Kernel();
  const one = new Block(kernel, 'one', 2);
  const three = new Block(one, 'three', 1, 3);
  const { puts, tracks } = watch(one);
  one.port.reserve(10); // 0 .. 10
  three.port.reserve(4); // 0 .. 4, three times
  three.port.reserve(8); // 4 .. 12, three times
  kernel.run(12);
  one.port.reserve(3); // 12 .. 15 touches
  kernel.run(16);
  one.port.reserve(1); // 16 .. 17 does not
  one.port.reserve(0);
  tracks.close();
  one.port.reserve(5);
  const plain = puts.map(({ track: _, ...slice }) => slice);
  t.deepEqual(plain, [
    { start: 0, end: 15, services: 1 + 3 + 3 + 1, busy: 10 + 12 + 24 + 3 },
    { start: 16, end: 17, services: 1, busy: 1 },
  ]);
  t.like(puts[0].track, { kind: 'ports', simulated: 3, all: 2 + 3 });
  t.is(tracks.tracks.length, 1);
});

test('what never works leaves no slice', t => {
  const { puts, tracks } = watch(new Block(new Kernel(), 'idle', 1));
  tracks.close();
  t.deepEqual(puts, []);
  t.is(tracks.tracks[0].simulated, 1);
});

test('after 8192 slices short pauses no longer end one, and no busy time is lost', t => {
  const kernel = new Kernel();
  const block = new Block(kernel, 'block', 1);
  const { puts, tracks } = watch(block);
  for (let i = 0; i < 100_000; i++) {
    block.port.reserve(100);
    kernel.run(kernel.now + 600); // a pause of 500
  }
  tracks.close();
  t.is(puts.length, 8192 + 1);
  t.is(
    puts.reduce((sum, { busy }) => sum + busy, 0),
    100_000 * 100,
  );
  t.is(puts.at(-1)?.end, block.port.freeAt() - 500);
});
