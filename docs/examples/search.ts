import { frontTable, searchDefaults, searchFiles } from 'trex-sim';

const { result, space } = await searchFiles({
  ...searchDefaults,
  model: 'glyph-vit',
  weights: 'best/base.safetensors', // of the network without reuse, as `trex optimize --out best` leaves it
  data: 'glyphs', // as `trex data glyphs --out glyphs` leaves it
});
console.log(frontTable(result, space));
