import { noc } from 'trex-sim';

const result = noc({ mesh: '4x4', traffic: 'transpose', rate: 0.1, warmup: 200, measure: 500 });
if ('stable' in result) console.log(result.packetLatency_cycles, result.stable);
