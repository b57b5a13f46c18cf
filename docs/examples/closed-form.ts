import {
  buildGraph,
  closedForm,
  closedFormApplies,
  loadArch,
  loadModel,
  parseReuse,
  reuseSpace,
} from 'trex-sim';

const { model } = loadModel('deit-s');
const { arch } = loadArch('trex');
const { encoders } = parseReuse('count:5', reuseSpace(model));
if (closedFormApplies(model, arch) === undefined) console.log(closedForm(model, arch, encoders.length));
console.log(buildGraph(model).ops.length, 'operations');
