/** What `trex init` writes: a chip, its technology, a network and a study, small enough to be read whole, and to be changed. */

const CHIP = `# A chip of in-memory computing. Everything that is not said here is as in the file behind "use";
# \`trex explain chip.yaml\` shows every value of the chip, where it is from, and its source.
name: my-chip
description: My first chip
use: trex-full # trex: the accounting of the TReX paper; \`trex list arch\` has more
tech: ./tech.yaml # what its crossbars are made of
source: assumed, a first draft # every value needs a source: who says so?

chip:
  clock: 500 MHz
  tiles: auto # as many as the network needs
  source: assumed

tile:
  pes: 8 # PEs of a tile

pe:
  crossbars: 8 # arrays of a PE
  adcBanks: 2 # ADC banks that convert at the same time: more is faster, and larger
  source: assumed
`;

const TECH = `# The cells, converters and drivers of the crossbars. Everything else is as in the file behind "use":
# \`trex explain chip.yaml\` shows it, docs/technology.md says what each value does.
name: my-cells
description: 2-bit FeFET cells with 7-bit converters
use: fefet-32nm # pcm-32nm, rram-32nm, sram-32nm ...: \`trex list tech\`
source: assumed, a first draft

adc:
  bits: 7 # fewer: smaller and faster, with less accuracy

noise:
  readVariation: { sigma: 5 % } # of a cell, drawn once a chip
  source: assumed
`;

const NETWORK = `# A small vision transformer; \`trex list models\` has DeiT, BERT, Swin and others.
name: my-vit
family: vit
source: assumed, a first draft
imageSize: 32 # pixels
patchSize: 4
classes: 10
encoders: 4
dim: 128
heads: 4
mlpRatio: 2
`;

const STUDY = `# Many points at once: \`trex sweep study.yaml --out sweep\` runs them on all cores, and goes on where it was stopped.
name: my-study
iso: # what stays
  arch: ./chip.yaml
  model: ./network.yaml
vary: # what changes: each value with each other
  pe.adcBanks: [1, 2, 4]
  tech.adc.bits: [5, 6, 7]
metrics: [run] # latency, energy, area, EDAP ... of each point
`;

/** By name; they name each other. */
export const INIT_FILES: Readonly<Record<string, string>> = {
  'chip.yaml': CHIP,
  'tech.yaml': TECH,
  'network.yaml': NETWORK,
  'study.yaml': STUDY,
};
