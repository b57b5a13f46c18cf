/**
 * Opens reports in Debian's Chromium, from file://: no message on the console, no request, the numbers of the result file, bars that
 * open, a timeline that moves, figures that are saved. `node scripts/report-check.mjs FOLDER` runs a small network there.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
// Of tools/, which a build does without.
const driver = pathToFileURL(join(ROOT, 'tools/node_modules/playwright-core/index.mjs')).href;
const { chromium } = await import(driver);
const folder = process.argv[2];
const trex = (...words) =>
  execFileSync(process.execPath, [join(ROOT, 'dist/node/trex.js'), ...words, '--quiet'], {
    cwd: folder,
    encoding: 'utf8',
  });

trex(
  'run',
  'trex-full',
  '--model',
  'glyph-vit',
  '--reuse',
  'count:1',
  '--out',
  'run',
  '--report',
  'run.html',
);
trex('report', 'run');
assert.equal(
  readFileSync(join(folder, 'run.html'), 'utf8'),
  readFileSync(join(folder, 'run/report.html'), 'utf8'),
  'trex run --report and trex report give the same page',
);
const result = JSON.parse(readFileSync(join(folder, 'run/result.json'), 'utf8'));
const points = [1, 2, 4].flatMap(banks =>
  ['a', 'b'].map((kind, k) => ({
    id: `h${banks}${kind}`,
    point: { banks, kind },
    seed: 1,
    latency_s: (1 + k) / banks,
    energy_J: banks * (2 - k),
    area_m2: banks * 1e-6,
  })),
);
const failed = { id: 'hbad', point: { banks: 8, kind: 'a' }, seed: 1, error: 'does not fit' };
mkdirSync(join(folder, 'study'));
writeFileSync(
  join(folder, 'study/results.ndjson'),
  [...points, failed].map(line => `${JSON.stringify(line)}\n`).join(''),
);
trex('report', 'study');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });

/** A page that fails with whatever it says, and with whatever it asks for besides itself. */
async function open(name) {
  const page = await context.newPage();
  const problems = [];
  page.on('console', message => problems.push(`console: ${message.text()}`));
  page.on('pageerror', error => problems.push(`error: ${error.message}`));
  page.on('request', request => {
    const url = request.url();
    if (url !== pathToFileURL(join(folder, name)).href && !/^(blob|data):/.test(url))
      problems.push(`request: ${url}`);
  });
  await page.goto(pathToFileURL(join(folder, name)).href);
  return { page, problems };
}

const saved = async (page, name) => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-save="${name}"]`)]);
  return readFileSync(await download.path(), 'utf8');
};

{
  const { page, problems } = await open('run/report.html');
  for (const name of ['latency_s', 'energy_J', 'area_m2', 'edap_Jsm2'])
    assert.equal(await page.getAttribute(`data[data-path="${name}"]`, 'value'), String(result[name]), name);
  const shown = await page.$$eval('[data-result]', cells =>
    cells.map(cell => [cell.dataset.result, cell.textContent]),
  );
  const inFile = (of, path) => path.split('.').reduce((value, key) => value[key], of);
  for (const [path, text] of shown) assert.equal(text, String(inFile(result, path)), path);
  assert.ok(shown.length > 80, `${shown.length} numbers of the result`);

  // A click goes down a level, a crumb comes back; the table holds the numbers of the level.
  const bars = () => page.locator('[data-chart=breakdown] svg').getAttribute('aria-label');
  assert.match(await bars(), /of trex-full: /);
  await page.click('[data-chart=breakdown] summary');
  const parts = async () =>
    page.$$eval('[data-chart=breakdown] tbody tr', rows =>
      rows.map(row => Number(row.cells[1].dataset.value)),
    );
  const sum = values => values.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum(await parts()) - result.energy_J) < 1e-9 * result.energy_J);
  await page.locator('[data-chart=breakdown] [data-key]', { hasText: 'tiles' }).first().click();
  assert.match(await bars(), /trex-full > tiles: /);
  await page.keyboard.press('Enter');
  assert.match(await bars(), /trex-full > tiles > /);
  await page.click('.crumbs button');
  assert.match(await bars(), /of trex-full: /);
  await page.click('[data-value=latency_s]');
  assert.match(await bars(), /^latency/);

  // Light and dark, by the system and by the button.
  const paper = () => page.locator('[data-chart=floorplan] svg > rect').first().getAttribute('fill');
  assert.equal(await paper(), '#ffffff');
  await page.click('#theme');
  assert.equal(await paper(), '#0d1117');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.click('#theme');
  assert.equal(await paper(), '#ffffff');

  // Tiles by every colour, each with its hint.
  for (const by of ['layer', 'utilisation', 'energy', 'writes', 'traffic']) {
    await page.click(`[data-controls=floorplan] [data-value=${by}]`);
    assert.equal(await page.locator('[data-tile]').count(), result.tiles, by);
  }

  // The timeline by keyboard.
  const range = () => page.locator('[data-controls=timeline] span[aria-live]').textContent();
  const whole = await range();
  await page.focus('canvas');
  await page.keyboard.press('+');
  await page.waitForFunction(
    before => document.querySelector('[data-controls=timeline] span[aria-live]').textContent !== before,
    whole,
  );
  await page.keyboard.press('0');
  await page.waitForFunction(
    before => document.querySelector('[data-controls=timeline] span[aria-live]').textContent === before,
    whole,
  );

  for (const id of ['breakdown', 'floorplan', 'timeline', 'roofline']) {
    assert.match(await saved(page, `${id}.svg`), /^<svg xmlns=/, id);
    assert.ok((await saved(page, `${id}.csv`)).split('\n').length > 2, id);
  }
  const heading = page.locator('#steps th button', { hasText: 'energy' });
  await heading.click();
  await heading.click();
  const energies = await page.$$eval('#steps tbody tr', rows =>
    rows.map(row => Number(row.cells[7].dataset.value)),
  );
  assert.deepEqual(
    energies,
    energies.toSorted((a, b) => b - a),
  );

  // Nothing is wider than a telephone, and every picture has a name and a table.
  await page.setViewportSize({ width: 400, height: 800 });
  await page.waitForTimeout(200);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 400);
  for (const picture of await page.$$('.chart svg, .chart canvas'))
    assert.ok(await picture.getAttribute('aria-label'));
  assert.equal(await page.locator('.chart details').count(), 4);
  assert.deepEqual(problems, []);
}

{
  const { page, problems } = await open('study/report.html');
  assert.equal(await page.locator('[data-chart=pareto] [data-point]').count(), points.length);
  assert.equal(await page.locator('[data-chart=parallel] path[data-point]').count(), points.length);
  assert.match(await page.textContent('#failures'), /does not fit/);
  const box = await page.locator('[data-chart=pareto] svg').boundingBox();
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height - 2);
  await page.mouse.up();
  const chosen = await page.locator('#points tbody tr:not(.off)').count();
  assert.ok(chosen > 0 && chosen < points.length, `${chosen} chosen`);
  await page.click('text=Choose all');
  assert.equal(await page.locator('#points tr.off').count(), 0);
  for (const id of ['pareto', 'parallel', 'effects'])
    assert.match(await saved(page, `${id}.svg`), /^<svg xmlns=/, id);
  assert.deepEqual(problems, []);
}

await browser.close();
console.log('reports: numbers, drill-down, themes, timeline, downloads, studies');
