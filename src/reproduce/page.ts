/** docs/results.md: every comparison of the paper that training needs, in its order. */
import { openLab, type Workplace } from './lab.ts';
import { optimised } from './optimise.ts';
import { patternsSection } from './patterns.ts';
import { tableSection } from './table.ts';
import type { Section } from './words.ts';

export interface ResultsPage {
  readonly page: string;
  /** Figures and tables by file name, for the folder beside the page. */
  readonly beside: Readonly<Record<string, string>>;
}

/** `figures`: the folder of the files beside the page. The same jobs give the same bytes. */
export async function resultsPage(place: Workplace, figures: string): Promise<ResultsPage> {
  const [glyphs, grammar] = [place.study.glyphs, place.study.grammar].map(task => openLab(task, place));
  const sections: Section[] = [];
  const add = (title: string, { text, files }: Section): void => {
    sections.push({ text: `## ${title}\n${text.replaceAll(/\]\(([\w-]+\.(?:svg|csv))\)/g, `](${figures}/$1)`)}`, files });
  };
  try {
    const images = await optimised(glyphs);
    add('Optimiser (Table IV)', tableSection(glyphs, images));
    add('Patterns (Fig. 7 and 16)', await patternsSection(glyphs));
    const texts = await optimised(grammar);
    add('Text (Fig. 18)', tableSection(grammar, texts));
  } finally {
    await glyphs.close();
    await grammar.close();
  }
  const page = sections.map(section => section.text).join('\n\n');
  return {
    page: `${page}\n`,
    beside: Object.fromEntries(sections.flatMap(section => Object.entries(section.files))),
  };
}
