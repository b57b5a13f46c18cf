import test from 'ava';
import { networkYaml } from '../../src/optimize/network-file.ts';
import { listFiles } from '../../src/run/node/files.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { network } from '../helpers/chips.ts';
import { parseModel } from '../workload/load.ts';

for (const name of listFiles('models')) {
  test(`${name} is written as a file that gives the same network again`, t => {
    const model = network(name);
    const text = networkYaml(model, parseReuse('count:2', model.encoders));
    t.deepEqual(parseModel(text, name), model);
    // Two of three encoders that can reuse stand side by side.
    t.regex(text, name === 'prose-gpt' ? /^# --reuse continuous:2,/ : /^# --reuse strided:2,/);
  });
}
