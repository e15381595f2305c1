// Walks through the service as its users do: npm run e2e -- BASE_URL [KEY]
// E2E_OUT: folder for screenshots. Without a key the desk is only looked at from outside.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { geotiff } from './geotiff.mjs';

const [base = 'http://127.0.0.1:8080', key] = process.argv.slice(2);
const origin = new URL(base).origin;
const out = process.env.E2E_OUT ?? 'e2e-out';
mkdirSync(out, { recursive: true });

const COMMON = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const NO_GL = ['--disable-gpu', '--disable-3d-apis'];
const WIDTHS = [360, 768, 1280];
const failures = [];

async function step(name, what) {
  const began = Date.now();
  try {
    await what();
    console.log(`ok    ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL  ${name}: ${error.message.split('\n').slice(0, 4).join(' | ')}`);
  }
}

function check(truth, text) {
  if (!truth) throw new Error(text);
}

async function open(args) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...COMMON, ...args],
  });
  const context = await browser.newContext({
    locale: 'mn-MN',
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) failures.push(`foreign request: ${url.href}`);
  });
  page.on('dialog', (dialog) => dialog.accept());
  page.on('pageerror', (error) => failures.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) failures.push(`CSP: ${message.text()}`);
  });
  return { browser, page };
}

async function shots(page, name) {
  const size = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(400);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) failures.push(`${name} at ${width} px is ${wide} px too wide`);
    await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize(size);
}

async function axe(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const bad = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  check(
    bad.length === 0,
    bad.map((v) => `${name}: ${v.id}: ${v.nodes[0]?.target} ${v.nodes[0]?.failureSummary}`).join('; '),
  );
}

const visibleRows = (page) => page.locator('#soums tbody tr:visible');
const codes = (page) => visibleRows(page).evaluateAll((rows) => rows.map((row) => row.dataset.au2));

async function publicPages() {
  const { browser, page } = await open(GL);
  let names = [];
  await step('country page lists soums', async () => {
    await page.goto(`${base}/?lang=mn`);
    await visibleRows(page).first().waitFor();
    names = await page
      .locator('#soums tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.dataset.names.split('|')));
    check(names.length > 0, 'no rows');
  });
  await step('the map is drawn', async () => {
    await page.locator('#map canvas').waitFor({ timeout: 20_000 });
    await page.locator('#legend .swatch').first().waitFor({ timeout: 20_000 });
    await page.waitForTimeout(2500);
    check(!(await page.locator('#picture').isVisible()), 'the drawing stands beside the map');
    await page.locator('#map').screenshot({ path: join(out, 'map.png') });
  });
  await step('country page: axe, mn', () => axe(page, 'country'));
  await shots(page, 'country-mn');
  await step('map colours by every indicator, and rasters', async () => {
    await page.locator('#filters select[name=by]').selectOption('I1');
    await page.waitForTimeout(800);
    await page.locator('#map').screenshot({ path: join(out, 'map-by-I1.png') });
    await page.locator('#filters select[name=by]').selectOption('score');
    await page.waitForTimeout(800);
    await page.locator('#map').screenshot({ path: join(out, 'map-by-score.png') });
    const rasters = page.locator('select[name=raster]');
    if ((await rasters.count()) > 0) {
      await rasters.selectOption({ index: 1 });
      await page.waitForTimeout(1500);
      check(/raster=/.test(new URL(page.url()).hash), 'the raster is not in the address');
      await shots(page, 'raster-mn');
      await rasters.selectOption({ index: 0 });
    }
    await page.locator('#filters select[name=by]').selectOption('status');
  });
  await step('a soum is found by its Cyrillic and its Latin name', async () => {
    const [mn, en] = names[names.length - 1];
    for (const typed of [mn, en.toUpperCase(), mn.toLowerCase().replace(/ө/g, 'о').replace(/ү/g, 'у')]) {
      await page.locator('#filters input[name=q]').fill(typed);
      const found = await visibleRows(page).evaluateAll((rows) => rows.map((row) => row.dataset.names));
      check(found.includes(`${mn}|${en}`), `${typed} finds ${found.join(', ')}`);
      check(found.length < names.length, `${typed} finds every soum`);
    }
    check(new URL(page.url()).searchParams.has('q'), 'the search is not in the address');
    await shots(page, 'search-mn');
  });
  await step('switching the language keeps the search', async () => {
    const before = await codes(page);
    await page.locator('header a[hreflang=en]').click();
    await page.locator('html[lang=en]').waitFor();
    await visibleRows(page).first().waitFor();
    check(String(await codes(page)) === String(before), 'other rows');
    await page.goto(`${base}/?lang=mn`);
  });
  await step('headings sort, with what is missing last', async () => {
    for (const name of ['score', 'name', 'status']) {
      const heading = page.locator(`#soums th[data-key=${name}]`);
      await heading.locator('button').click();
      check((await heading.getAttribute('aria-sort')) === 'ascending', `${name}: not ascending`);
      await heading.locator('button').click();
      check((await heading.getAttribute('aria-sort')) === 'descending', `${name}: not descending`);
    }
    await page.locator('#soums th[data-key=score] button').click();
    const scores = await visibleRows(page).evaluateAll((rows) => rows.map((row) => row.dataset.score ?? ''));
    const first = scores.indexOf('');
    check(first < 0 || scores.slice(first).every((s) => s === ''), 'missing scores are not last');
    const numbers = scores.filter((s) => s !== '').map(Number);
    check(
      numbers.every((n, i) => i === 0 || n >= numbers[i - 1]),
      'not sorted',
    );
    const [path] = await codes(page);
    await page.reload();
    await visibleRows(page).first().waitFor();
    check((await codes(page))[0] === path, 'the order is lost by reloading');
  });
  await step('filters by status', async () => {
    const status = await page.locator('#soums tbody tr').first().getAttribute('data-status');
    await page.locator('#filters select[name=status]').selectOption(status);
    const shown = await visibleRows(page).evaluateAll((rows) => rows.map((row) => row.dataset.status));
    check(shown.length > 0 && shown.every((s) => s === status), 'other statuses are shown');
  });
  await step('a soum opens and tells its status', async () => {
    await page.goto(`${base}/?lang=mn`);
    const [mn] = names[0];
    await page.locator('#filters input[name=q]').fill(mn);
    await visibleRows(page).first().locator('a').first().click();
    await page.waitForURL(/\/soums\//);
    check((await page.locator('h1').textContent()).includes(mn), 'another soum');
    check((await page.locator('.status').first().textContent()).length > 2, 'no status');
  });
  await step('soum page: axe, mn', () => axe(page, 'soum'));
  await shots(page, 'soum-mn');
  await step('a soum prints to PDF', async () => {
    const path = join(out, 'soum.pdf');
    await page.pdf({ path, format: 'A4', preferCSSPageSize: true });
    check(statSync(path).size > 5000, 'an empty PDF');
  });
  await step('soum page in English', async () => {
    await page.locator('header a[hreflang=en]').click();
    await page.locator('html[lang=en]').waitFor();
    check(/\/soums\//.test(page.url()), 'another page');
    await axe(page, 'soum');
  });
  await shots(page, 'soum-en');
  await step('country page: axe, en', async () => {
    await page.goto(`${base}/?lang=en`);
    await page.locator('#legend .swatch').first().waitFor({ timeout: 20_000 });
    await axe(page, 'country');
  });
  await shots(page, 'country-en');
  await step('page for researchers: axe', async () => {
    const answer = await page.goto(`${base}/docs?lang=mn`);
    if (answer.status() === 404) return;
    check((await page.locator('.copyable .copy').count()) > 0, 'nothing to copy');
    await axe(page, 'docs');
    await shots(page, 'docs-mn');
    await page.goto(`${base}/?lang=en`);
    await visibleRows(page).first().waitFor();
  });
  await step('country page prints to PDF', () =>
    page.pdf({ path: join(out, 'country.pdf'), format: 'A4', preferCSSPageSize: true }),
  );
  await step('dark: axe', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${base}/?lang=mn`);
    await page.locator('#legend .swatch').first().waitFor({ timeout: 20_000 });
    await axe(page, 'country, dark');
    await shots(page, 'country-dark');
  });
  await browser.close();
}

async function withoutWebGl() {
  const { browser, page } = await open(NO_GL);
  await step('without WebGL the table is there and the page says so', async () => {
    await page.goto(`${base}/?lang=mn`);
    await visibleRows(page).first().waitFor();
    await page.locator('.map-note').waitFor();
    check(!(await page.locator('#map').isVisible()), 'an empty map is shown');
    const picture = page.locator('#picture');
    if ((await picture.count()) > 0) {
      check(await picture.isVisible(), 'no drawing in place of the map');
      await page.locator('#filters select[name=by]').selectOption('I2');
      check(/by=I2/.test(await picture.getAttribute('src')), 'the drawing keeps its colours');
    }
    await axe(page, 'country without WebGL');
    await shots(page, 'no-webgl-mn');
  });
  await browser.close();
}

async function desk() {
  const { browser, page } = await open(NO_GL);
  for (const lang of ['en', 'mn']) {
    await step(`desk, signed out: axe, ${lang}`, async () => {
      await page.goto(`${base}/desk?lang=${lang}`);
      await page.locator('#sign-in').waitFor();
      await axe(page, 'desk');
    });
    await shots(page, `desk-out-${lang}`);
  }
  await step('a wrong key is refused with words', async () => {
    await page.locator('#sign-in input').fill('soum_live_wrong');
    await page.locator('#sign-in button[type=submit]').click();
    await page.locator('.problem').waitFor();
  });
  if (key !== undefined) await deskWork(page);
  await browser.close();
}

async function deskWork(page) {
  const name = `evi_${Date.now()}.tif`;
  const item = page.locator('#drafts-title ~ .items > .item', { hasText: name });
  await step('desk: sign in', async () => {
    await page.locator('#sign-in input').fill(key);
    await page.locator('#sign-in button[type=submit]').click();
    await page.locator('#drafts-title').waitFor();
    await page.locator('.limits').waitFor();
  });
  await step('desk: upload a GeoTIFF', async () => {
    const value = (x, y) => 0.2 + (x + y + (Date.now() % 97) / 97) / 200;
    const buffer = geotiff({ west: 96, north: 49, cell: 0.05, width: 80, height: 40, value });
    await page.locator('#file').setInputFiles({ name, mimeType: 'image/tiff', buffer });
    await item.waitFor({ timeout: 20_000 });
    await item.locator('.state.needs_input, .state.ready').waitFor({ timeout: 30_000 });
    await item.locator('.fold').click();
    await item.locator('.extent svg').waitFor();
  });
  await step('desk: draft, axe', () => axe(page, 'desk draft'));
  await shots(page, 'desk-draft-mn');
  await step('desk: an upload that was cut off goes on', async () => {
    const path = join(out, 'large.tif');
    writeFileSync(path, geotiff({ west: 96, north: 49, cell: 0.001, width: 2500, height: 2000, value: Math.random }));
    const line = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput: 3 * 1024 * 1024 };
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', slow);
    const transfer = page.locator('#upload-title ~ .items > .item', { hasText: 'large.tif' });
    await page.locator('#file').setInputFiles(path);
    await page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.status() === 204);
    await page.reload();
    await page.locator('#drafts-title ~ .items > .item', { hasText: 'large.tif' }).waitFor();
    await page.locator('#file').setInputFiles(path);
    await transfer.waitFor();
    await transfer.locator('.resumed').waitFor();
    await shots(page, 'desk-resumed-mn');
    await page.locator('#upload-title ~ .items > .item.done', { hasText: 'large.tif' }).waitFor({ timeout: 60_000 });
    await line.send('Network.emulateNetworkConditions', { ...slow, latency: 0, uploadThroughput: -1 });
    await line.detach();
    const draft = page.locator('#drafts-title ~ .items > .item', { hasText: 'large.tif' }).first();
    await draft.locator('.fold').click();
    await draft.locator('.discard button').first().click();
    await draft.locator('.discard button.main').click();
    await draft.waitFor({ state: 'detached' });
    await item.locator('.fold').click();
  });
  await step('desk: say what the file is', async () => {
    for (const [field, text] of Object.entries({ product: 'evi', date: '2031', scale: '1', offset: '0' })) {
      await item.locator(`[name=${field}]`).fill(text);
    }
    await item.locator('form:has([name=product]) button[type=submit]').click();
    await item.locator('.state.ready').waitFor({ timeout: 30_000 });
    await shots(page, 'desk-ready-mn');
  });
  await step('desk: nothing is lost by reloading', async () => {
    await page.reload();
    await item.locator('.extent svg').waitFor({ timeout: 20_000 });
  });
  await step('desk: accept', async () => {
    await item.locator('form.accept button[type=submit]').click();
    await item.locator('.state.accepted').waitFor({ timeout: 60_000 });
  });
  await step('desk: a refusal is told in words', async () => {
    await page.locator('#assess [name=baseline_first]').fill('2020');
    await page.locator('#assess [name=baseline_last]').fill('2022');
    await page.locator('#assess button[type=submit]').click();
    await page.locator('#assess .problem').waitFor();
    await shots(page, 'desk-refusal-mn');
  });
  await step('desk: run an assessment and see it', async () => {
    const years = {
      baseline_first: '2009',
      baseline_last: '2018',
      reporting_first: '2019',
      reporting_last: '2024',
      cycle: 'e2e',
    };
    for (const [field, year] of Object.entries(years)) await page.locator(`#assess [name=${field}]`).fill(year);
    const before = await page.locator('#jobs-title ~ .items > .item a[href^="#assessment="]').count();
    await page.locator('#assess button[type=submit]').click();
    const done = page.locator('#jobs-title ~ .items > .item').first().locator('a[href^="#assessment="]');
    await page.waitForFunction(
      (n) => document.querySelectorAll('#jobs-title ~ .items > .item a[href^="#assessment="]').length > n,
      before,
      { timeout: 180_000 },
    );
    await done.click();
    await page.locator('#assessments-title ~ .items .facts').waitFor();
    check((await page.locator('#assessments-title ~ .items .counts li').count()) > 0, 'no statuses');
  });
  await step('desk: work, axe', () => axe(page, 'desk'));
  await shots(page, 'desk-done-mn');
  await step('desk in English keeps what is open', async () => {
    await page.locator('header a[hreflang=en]').click();
    await page.locator('html[lang=en]').waitFor();
    await page.locator('#assessments-title').waitFor();
    await axe(page, 'desk');
  });
  await shots(page, 'desk-done-en');
}

await publicPages();
await withoutWebGl();
await desk();
for (const failure of [...new Set(failures)]) console.log(`  - ${failure}`);
console.log(failures.length === 0 ? 'all done' : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);
