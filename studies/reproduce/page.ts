/** docs/results.md: every comparison of the paper that training needs, and the free search. */
import { uniformStream } from '../../src/base/random.ts';
import { uniformPatterns } from '../../src/workload/patterns.ts';
import { devicesSection } from './devices.ts';
import { type Experiment, openExperiment, type StudyContext } from './experiment.ts';
import type { Section } from './format.ts';
import { freeSection } from './free-search.ts';
import { optimised } from './optimise.ts';
import { randomPlans } from './random-plans.ts';
import { similaritySection } from './similarity.ts';
import { tableSection } from './table.ts';
import { COMPARED_COUNT } from './tasks.ts';
import { tasksSection } from './tasks-section.ts';

export interface ResultsPage {
  readonly page: string;
  /** Figures and tables by file name, for the folder beside the page. */
  readonly beside: Readonly<Record<string, string>>;
}

/** `figures`: the folder of the files beside the page. The same jobs give the same bytes. */
export async function resultsPage(context: StudyContext, figures: string): Promise<ResultsPage> {
  const [glyphs, grammar] = [context.study.glyphs, context.study.grammar].map(task =>
    openExperiment(task, context),
  );
  try {
    return assembled(await sectionsOf(glyphs, grammar), figures);
  } finally {
    await glyphs.close();
    await grammar.close();
  }
}

type Titled = readonly [title: string, section: Section];

async function sectionsOf(glyphs: Experiment, grammar: Experiment): Promise<Titled[]> {
  const images = await optimised(glyphs);
  const texts = await optimised(grammar);
  const { encoders } = glyphs.model;
  const random = randomPlans({
    encoders,
    size: COMPARED_COUNT,
    count: glyphs.context.study.budget.randomPatterns,
    known: uniformPatterns(encoders, COMPARED_COUNT).map(pattern => pattern.encoders),
    random: uniformStream(1, 'reproduce/random-patterns'),
  });
  return [
    ['Tasks and networks', await tasksSection([glyphs, grammar], [images, texts])],
    ['The optimiser (Table IV)', tableSection(glyphs, images)],
    ['Text (Fig. 18)', tableSection(grammar, texts)],
    ['Attention outputs (Fig. 17)', await similaritySection(glyphs)],
    ['Devices (Fig. 15)', await devicesSection(glyphs, images)],
    ['Free search', await freeSection(glyphs, [...images.patterns, ...random])],
  ];
}

function assembled(sections: readonly Titled[], figures: string): ResultsPage {
  const intro = [
    '# Results',
    '',
    'Written by `npm run reproduce`; do not edit by hand. What TReX (arXiv 2408.12742) shows on ImageNet, repeated on two networks that two cores',
    'train within minutes. Every figure is measured here; what the paper found stands in brackets, and where it does not show here, the text',
    'says so. Small networks on small tasks: they test the method and this program, not the numbers of the paper. Which encoders should reuse',
    'attention (Fig. 7 and 16) is asked on a harder task, with several seeds: [trends.md](trends.md).',
  ].join('\n');
  const parts = sections.map(([title, { text }]) => `## ${title}\n${linked(text, figures)}`);
  return {
    page: `${[intro, ...parts].join('\n\n')}\n`,
    beside: Object.fromEntries(sections.flatMap(([, section]) => Object.entries(section.files))),
  };
}

/** Files beside the page are named in the text without their folder. */
const linked = (text: string, folder: string): string =>
  text.replaceAll(/\]\(([\w-]+\.(?:svg|csv))\)/g, `](${folder}/$1)`);
