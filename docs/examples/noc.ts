import { noc } from 'trex-sim';

const result = await noc({ mesh: '4x4', traffic: 'tornado', rate: 0.1, warmup: 200, measure: 500 });
if ('verdict' in result)
  console.log(result.packetLatency_cycles, result.packetLatency_ci95_cycles, result.verdict);
