// The page of the country: list, map, search, order, filters.
import { axe, base, bothShots, check, file, GL, open, otherLanguage, print, step } from './browser.mjs';

export const rows = (page) => page.locator('#soums tbody tr:visible');
const codes = (page) => rows(page).evaluateAll((list) => list.map((row) => row.dataset.au2));
const drawn = async (page) => {
  await page.locator('#map[aria-busy=false]').waitFor({ timeout: 20_000 });
  await page.locator('#legend .swatch, #legend .strip').first().waitFor({ timeout: 20_000 });
};

export async function country() {
  const { browser, page } = await open(GL);
  let names = [];
  await step('country page lists soums', async () => {
    await page.goto(`${base}/?lang=mn`);
    await rows(page).first().waitFor();
    names = await page
      .locator('#soums tbody tr')
      .evaluateAll((list) => list.map((row) => row.dataset.names.split('|')));
    check(names.length > 0, 'no rows');
  });
  await step('the map is drawn', async () => {
    await drawn(page);
    check(!(await page.locator('#picture').isVisible()), 'the drawing stands beside the map');
    await page.locator('#map').screenshot({ path: file('map.png') });
  });
  await step('country page: axe, mn', () => axe(page, 'country'));
  await bothShots(page, 'country', () => drawn(page));
  await step('map colours by every indicator, and rasters', () => colours(page));
  await step('a soum is found by its Cyrillic and its Latin name', () => search(page, names));
  await bothShots(page, 'search', () => drawn(page));
  await step('switching the language keeps the search', async () => {
    const before = await codes(page);
    check((await otherLanguage(page)) === 'en', 'not English');
    await rows(page).first().waitFor();
    check(String(await codes(page)) === String(before), 'other rows');
    await page.goto(`${base}/?lang=mn`);
  });
  await step('headings sort, with what is missing last', () => order(page));
  await step('filters by status', async () => {
    const status = await page.locator('#soums tbody tr').first().getAttribute('data-status');
    await page.locator('#filters select[name=status]').selectOption(status);
    const shown = await rows(page).evaluateAll((list) => list.map((row) => row.dataset.status));
    check(shown.length > 0 && shown.every((s) => s === status), 'other statuses are shown');
  });
  await step('nothing found is said', async () => {
    await page.goto(`${base}/?lang=mn&q=1234567`);
    await page.locator('.empty').waitFor();
    await drawn(page);
  });
  await bothShots(page, 'nothing-found', () => drawn(page));
  await step('country page: axe, en', async () => {
    await page.goto(`${base}/?lang=en`);
    await drawn(page);
    await axe(page, 'country');
    await print(page, 'country-en');
  });
  await step('country page prints to PDF', async () => {
    await page.goto(`${base}/?lang=mn`);
    await drawn(page);
    await print(page, 'country-mn');
  });
  await step('dark: axe', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await drawn(page);
    await axe(page, 'country, dark');
  });
  await bothShots(page, 'country-dark', () => drawn(page));
  await browser.close();
}

async function colours(page) {
  for (const by of ['I1', 'score']) {
    await page.locator('#filters select[name=by]').selectOption(by);
    await page.waitForTimeout(100);
    await drawn(page);
    await page.locator('#map').screenshot({ path: file(`map-by-${by}.png`) });
  }
  check(/by=score/.test(await page.locator('#picture').getAttribute('src')), 'on paper the map keeps its colours');
  const rasters = page.locator('select[name=raster]');
  await rasters.selectOption({ index: 1 });
  check(/raster=/.test(new URL(page.url()).hash), 'the raster is not in the address');
  await bothShots(page, 'raster', () => drawn(page));
  await page.locator('select[name=raster]').selectOption({ index: 0 });
  await page.locator('#filters select[name=by]').selectOption('status');
}

async function search(page, names) {
  const [mn, en] = names[names.length - 1];
  for (const typed of [mn, en.toUpperCase(), mn.toLowerCase().replace(/ө/g, 'о').replace(/ү/g, 'у')]) {
    await page.locator('#filters input[name=q]').fill(typed);
    const found = await rows(page).evaluateAll((list) => list.map((row) => row.dataset.names));
    check(found.includes(`${mn}|${en}`), `${typed} finds ${found.join(', ')}`);
    check(found.length < names.length, `${typed} finds every soum`);
  }
  check(new URL(page.url()).searchParams.has('q'), 'the search is not in the address');
}

async function order(page) {
  for (const name of ['score', 'name', 'status']) {
    const heading = page.locator(`#soums th[data-key=${name}]`);
    await heading.locator('button').click();
    check((await heading.getAttribute('aria-sort')) === 'ascending', `${name}: not ascending`);
    await heading.locator('button').click();
    check((await heading.getAttribute('aria-sort')) === 'descending', `${name}: not descending`);
  }
  await page.locator('#soums th[data-key=score] button').click();
  const scores = await rows(page).evaluateAll((list) => list.map((row) => row.dataset.score ?? ''));
  const first = scores.indexOf('');
  check(first < 0 || scores.slice(first).every((s) => s === ''), 'missing scores are not last');
  const numbers = scores.filter((s) => s !== '').map(Number);
  check(
    numbers.every((n, i) => i === 0 || n >= numbers[i - 1]),
    'not sorted',
  );
  const [path] = await codes(page);
  await page.reload();
  await rows(page).first().waitFor();
  check((await codes(page))[0] === path, 'the order is lost by reloading');
}
