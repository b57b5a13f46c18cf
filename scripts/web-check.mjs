/**
 * Opens the built page as `trex ui` serves it, in Debian's Chromium: the numbers of the command line, every control by keyboard, axe,
 * three widths in light and dark, reduced motion, back and forward, addresses that cannot be read, a worker that dies.
 * `node scripts/web-check.mjs [FOLDER [CHECK]]` also saves pictures there, and checks one thing only.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { chromium } = await import(
  pathToFileURL(join(ROOT, 'tools/node_modules/playwright-core/index.mjs')).href
);
const axe = readFileSync(join(ROOT, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
const pictures = process.argv[2];
if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
const trex = join(ROOT, 'dist/node/trex.js');
/** Slow machines: a run of every tile takes seconds. */
const PATIENCE = 45_000;
const WIDTHS = [400, 768, 1440];
/** A chip of seconds, which every view can show: the state that the page itself writes into the address. */
const SMALL = 'glyph';

const folder = mkdtempSync(join(tmpdir(), 'trex-page-'));
const server = spawn(process.execPath, [trex, 'ui'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
const url = await new Promise((resolve, reject) => {
  let said = '';
  server.stdout.on('data', text => {
    said += text;
    const found = /page\s+(\S+)\n/.exec(said);
    if (found !== null) resolve(found[1]);
  });
  server.once('exit', code => reject(new Error(`trex ui ended with ${code}`)));
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

/** A page that remembers whatever it says, and whatever it asks of others. */
async function open(hash = '', options = {}) {
  const context = await browser.newContext(
    Object.assign({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }, options),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => problems.push(`error: ${error.message}`));
  page.on('request', request => {
    if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url()))
      problems.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    const workers = [];
    Object.assign(globalThis, { workers });
    const Plain = globalThis.Worker;
    globalThis.Worker = class extends Plain {
      constructor(...words) {
        super(...words);
        workers.push(this);
      }
    };
  });
  await page.goto(url + hash);
  await page.waitForSelector('h1');
  return { page, problems, close: () => context.close() };
}

const shown = page =>
  page.$$eval('data[data-figure]', all =>
    Object.fromEntries(all.map(one => [one.dataset.figure, one.value])),
  );
/** Waits for the answer of the worker: figures and the form. */
const settled = async page => {
  await page.waitForSelector('.cards[data-ms]');
  await page.waitForSelector('form details');
  await page.waitForSelector('main[aria-busy=false]');
};
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const view = async (page, name) => {
  await press(page, name);
  await page.waitForSelector('main[aria-busy=false] [data-ready]');
};

async function noOverflow(page, what) {
  const [wide, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= there, `${what}: ${wide} px wide in ${there}`);
}

async function noAxe(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html)}`);
  assert.deepEqual(found, [], `${what}: axe`);
}

/** Tab reaches everything that can be operated, and nothing else twice before all were there. */
async function everyControl(page, what) {
  const all = await page.evaluate(() => {
    const own = [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex="0"]')];
    const there = own.filter(one => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
    for (const [i, one] of there.entries()) one.dataset.control = String(i);
    document.activeElement?.blur();
    return there.map(one => one.outerHTML.slice(0, 90));
  });
  const left = new Set(all.keys());
  for (let i = 0; i < all.length + 8 && left.size > 0; i++) {
    await page.keyboard.press('Tab');
    left.delete(Number(await page.evaluate(() => document.activeElement?.dataset?.control ?? -1)));
  }
  assert.deepEqual(
    [...left].map(i => all[i]),
    [],
    `${what}: not reached by Tab`,
  );
  return all.length;
}

const checks = {
  /** The example of the build, the worker's answer and the command line are one. */
  async numbers() {
    const { page, problems, close } = await open();
    const first = await shown(page);
    await settled(page);
    const words = ['run', 'trex', '--model', 'deit-s', '--json', '--quiet'];
    const result = JSON.parse(
      execFileSync(process.execPath, [trex, ...words], { cwd: folder, encoding: 'utf8' }),
    );
    for (const found of [first, await shown(page)])
      for (const [name, value] of Object.entries(found)) assert.equal(value, String(result[name]), name);
    assert.equal(Object.keys(first).length, 4);
    await everyControl(page, 'chip');
    assert.deepEqual(problems, []);
    await close();
  },
  /** By keyboard alone: a preset, an encoder, a slider, a value that is wrong; then back and forward. */
  async keyboard() {
    const { page, problems, close } = await open();
    await settled(page);
    await page.focus('aside select');
    await page.selectOption('aside select', SMALL);
    await page.waitForFunction(() => document.querySelectorAll('.encoder').length < 12);
    const before = await shown(page);
    await page.locator('.encoder:not([disabled])').first().focus();
    await page.keyboard.press('Space');
    await page.waitForFunction(
      was => document.querySelector('data[data-figure=energy_J]').value !== was,
      before.energy_J,
    );
    const reused = await shown(page);
    const slider = page.locator('input[type=range]:visible').first();
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.field.own');
    await page.waitForTimeout(300);
    await page.goBack();
    await page.waitForFunction(
      was => document.querySelector('data[data-figure=energy_J]').value === was,
      reused.energy_J,
    );
    await page.goBack();
    await page.waitForFunction(
      was => document.querySelector('data[data-figure=energy_J]').value === was,
      before.energy_J,
    );
    await page.goForward();
    await page.waitForFunction(
      was => document.querySelector('data[data-figure=energy_J]').value === was,
      reused.energy_J,
    );
    await settled(page);
    const count = await everyControl(page, 'chip');
    assert.ok(count > 40, `${count} controls`);
    await noAxe(page, 'chip');
    const text = page.locator('.field input[type=text]:visible').first();
    await text.fill('many');
    await text.press('Enter');
    await page.waitForSelector('.field .wrong');
    assert.deepEqual(problems, []);
    await close();
  },
  /** Two chips on one clock: reuse leaves QK^T out and ends earlier; both counters end at the energies of the runs; the address holds both. */
  async race() {
    const { page, problems, close } = await open();
    await settled(page);
    await page.selectOption('aside select', SMALL);
    await page.waitForFunction(() => document.querySelectorAll('.encoder').length < 12);
    await settled(page);
    const base = await shown(page);
    await press(page, 'Pin this chip as the baseline');
    await page.locator('.encoder:not([disabled])').first().click();
    await settled(page);
    const reuse = await shown(page);
    await view(page, 'The chip at work');
    const bar = page.locator('.scrub');
    const energies = () => page.$$eval('[data-energy]', all => all.map(one => Number(one.value)));
    const time = async () => Number(await page.getAttribute('[data-time]', 'data-time'));
    /** Until the clock stands behind `from`, or at it: what a key does is drawn a little later. */
    const clock = (is, from) =>
      page.waitForFunction(
        ([at, from]) => {
          const time = Number(document.querySelector('[data-time]')?.getAttribute('data-time'));
          return at === 'at' ? time === from : time > from;
        },
        [is, from],
      );
    assert.deepEqual(await energies(), [0, 0]);
    await page.locator('h1').click();
    // An arrow steps on, and back.
    await page.keyboard.press('ArrowRight');
    await clock('behind', 0);
    const first = await time();
    await page.keyboard.press('ArrowRight');
    await clock('behind', first);
    await page.keyboard.press('ArrowLeft');
    await clock('at', first);
    // Space plays, and stops.
    await page.keyboard.press('Space');
    await clock('behind', first);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    assert.match(await page.textContent('article:nth-child(2)'), /Encoder 1 reuse/);
    await bar.focus();
    await page.keyboard.press('End');
    const spent = [base.energy_J, reuse.energy_J].map(Number);
    await page.waitForFunction(
      spent =>
        [...document.querySelectorAll('[data-energy]')].every((one, i) => Number(one.value) === spent[i]),
      spent,
    );
    const skipped = await page.locator('article:nth-child(2) .now').textContent();
    assert.match(skipped, /^done after/);
    assert.ok(Number(reuse.latency_s) < Number(base.latency_s));
    await page.reload();
    await page.waitForSelector('main[aria-busy=false] [data-ready]');
    assert.equal(await page.locator('article').count(), 2);
    assert.deepEqual(problems, []);
    await close();
  },
  /** Light and dark at three widths, for each view. */
  async widths() {
    for (const colorScheme of ['light', 'dark']) {
      const { page, problems, close } = await open('', { colorScheme });
      await settled(page);
      await page.selectOption('aside select', SMALL);
      for (const name of VIEWS) {
        await view(page, name);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await noOverflow(page, `${name}, ${width} px, ${colorScheme}`);
          if (pictures === undefined) continue;
          const file = `${name.replaceAll(' ', '-')}-${width}-${colorScheme}.png`;
          await page.waitForTimeout(400);
          await page.screenshot({
            path: join(pictures, file),
            fullPage: width === 1440 || name === VIEWS[0],
          });
        }
        await noAxe(page, `${name}, ${colorScheme}`);
        if (colorScheme === 'light' && name !== VIEWS[0]) await everyControl(page, name);
      }
      assert.deepEqual(problems, []);
      await close();
    }
  },
  /** One sentence, and the first chip. */
  async addresses() {
    const { page, problems, close } = await open('#1.abc');
    const say = async (hash, pattern) => {
      await page.goto('about:blank');
      await page.goto(url + hash);
      await page.waitForSelector('.notice');
      assert.match(await page.textContent('.notice'), pattern);
      assert.equal(await page.locator('.notice').count(), 1);
      await page.waitForSelector('data[data-figure=edap_Jsm2]');
    };
    await say('#1.abc', /cut off or changed/);
    await say('#7.abc', /version 7/);
    await say(`#1.${'A'.repeat(40_000)}`, /longer than/);
    assert.deepEqual(problems, []);
    await close();
  },
  /** Another one goes on. */
  async worker() {
    const { page, close } = await open();
    await settled(page);
    await page.evaluate(() => {
      const worker = globalThis.workers.at(-1);
      worker.terminate();
      worker.dispatchEvent(new ErrorEvent('error', { cancelable: true }));
    });
    await page.selectOption('aside select', SMALL);
    await page.waitForSelector('#app[data-restarts="1"]');
    await page.waitForFunction(() => document.querySelectorAll('.encoder').length < 12);
    await close();
  },
};
const VIEWS = ['What it costs', 'The chip at work', 'A crossbar from inside'];

try {
  for (const [name, check] of Object.entries(checks)) {
    if (process.argv[3] !== undefined && process.argv[3] !== name) continue;
    const before = performance.now();
    await check();
    console.log(`page: ${name}, ${((performance.now() - before) / 1000).toFixed(1)} s`);
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
