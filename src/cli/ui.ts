/** `trex ui`: the simulator in a page, with the files of this folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { missingError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { PACKAGE } from '../run/node/files.ts';
import { flag } from './io/flags.ts';
import { keeps } from './io/interrupt.ts';
import { servePage } from './io/page-server.ts';

const MOST_PORT = 65535;

interface UiArguments {
  readonly port: number;
  readonly open: boolean;
}

async function handler({ port, open }: UiArguments): Promise<void> {
  wholeNumber('port', port, 0, MOST_PORT);
  const page = join(PACKAGE, 'web/dist');
  if (!existsSync(join(page, 'index.html')))
    throw missingError('the page is not built: npm run web, in a clone of the project');
  const { url } = await servePage(page, '.', port);
  keeps('the page is served no more');
  process.stdout.write(`page  ${url}\nCtrl-C ends it\n`);
  if (open) await (await import('./io/open-file.ts')).openFile(url);
}

export const uiCommand: CommandModule<object, UiArguments> = {
  command: 'ui',
  describe: 'Serve the simulator as a page on this machine, with the arch, tech and models of this folder',
  builder: yargs =>
    yargs
      .options({
        port: { type: 'number', default: 0, describe: 'Of 127.0.0.1; 0: any that is free' },
        open: flag('Show it in the browser'),
      })
      .example('$0 ui --open', 'A chip with sliders, in the browser') as never,
  handler,
};
