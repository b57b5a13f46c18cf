import test from 'ava';
import { assumedText } from '../../src/accuracy/assumed.ts';
import { crossbarDevice } from '../../src/accuracy/device.ts';
import { loadTech } from '../../src/run/node/load.ts';

const saysOf = (tech: string, options: object = {}): string =>
  assumedText(crossbarDevice(loadTech(tech).devices!.static, false, options));

test('what is exact because its file knows no spread of its cells says so', t => {
  for (const tech of ['gain-cell-28nm', 'sot-mram-22nm', 'sram-32nm'])
    t.regex(saysOf(tech), /, cells without spread$/);
});

test('a spread of cells, of reads or of the capacitors at cells is one', t => {
  for (const tech of ['pcm-32nm', 'fefet-32nm', 'wang-22nm']) t.notRegex(saysOf(tech), /without spread/);
  t.notRegex(saysOf('gain-cell-28nm', { sigmaRead: 0.01 }), /without spread/);
});
