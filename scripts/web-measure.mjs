/**
 * What the page costs on this machine, in Debian's Chromium: its first paint, 50 answers of a slider, frames of two unfolded DeiT-S side by
 * side. `node scripts/web-measure.mjs`, after `npm run web`. Processor time is told beside time on the wall, which other work on a machine disturbs.
 */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const driver = join(ROOT, 'tools/node_modules/playwright-core/index.mjs');
const { chromium } = await import(pathToFileURL(driver).href);
const COUNT = 50;

const server = spawn(process.execPath, [join(ROOT, 'dist/node/trex.js'), 'ui'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise(resolve => {
  server.stdout.on('data', text => resolve(/page\s+(\S+)/.exec(String(text))[1]));
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
page.setDefaultTimeout(60_000);
const devtools = await page.context().newCDPSession(page);
await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
const spent = async () => {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
};
const told = values => {
  const all = values.toSorted((a, b) => a - b);
  return `median ${all[Math.floor(all.length / 2)].toFixed(0)} ms, worst ${all.at(-1).toFixed(0)} ms of ${all.length}`;
};

try {
  console.log(
    `${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(0)}, Chromium ${browser.version()}`,
  );
  await page.goto(url);
  await page.waitForSelector('data[data-figure]');
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  console.log(
    `first paint with figures: ${paint?.toFixed(0)} ms; ${(await spent()).toFixed(0)} ms of processor time of the page`,
  );
  await page.waitForSelector('main[aria-busy=false]');

  const wall = [];
  const own = [];
  const field = page.locator('[id="field-pe.adcBanks"]');
  for (let i = 0; i < COUNT; i++) {
    const before = await page.getAttribute('data[data-figure=edap_Jsm2]', 'value');
    const start = performance.now();
    await field.fill(String(i % 2 === 0 ? 2 : 1));
    await field.press('Enter');
    await page.waitForFunction(
      was => document.querySelector('data[data-figure=edap_Jsm2]').value !== was,
      before,
    );
    wall.push(performance.now() - start);
    own.push(Number(await page.getAttribute('.cards', 'data-ms')));
  }
  console.log(`answer of a field: ${told(wall)}; in the worker ${told(own)}`);
  await field.fill('1');
  await field.press('Enter');

  await page.getByRole('button', { name: 'The chip at work' }).click();
  await page.getByRole('button', { name: /^Race it/ }).click();
  await page.waitForSelector('article:nth-child(2)');
  console.log(`unfolded runs: ${await page.getAttribute('main [data-ms]', 'data-ms')} ms`);
  await page.waitForTimeout(1000);
  const before = await spent();
  const gaps = await page.evaluate(
    count =>
      new Promise(resolve => {
        const times = [];
        const next = now => {
          times.push(now);
          if (times.length <= count) requestAnimationFrame(next);
          else resolve(times.slice(1).map((time, i) => time - times[i]));
        };
        requestAnimationFrame(next);
      }),
    COUNT,
  );
  const each = ((await spent()) - before) / COUNT;
  console.log(`frames of two chips: ${told(gaps)}; ${each.toFixed(1)} ms of processor time of the page each`);
} finally {
  await browser.close();
  server.kill();
}
