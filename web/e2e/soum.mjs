// The pages a reader comes to from the country's: a soum, two of them, how to use the service.
import { axe, base, bothShots, check, GL, open, otherLanguage, print, step } from './browser.mjs';
import { rows } from './country.mjs';

export async function soum() {
  const { browser, page } = await open(GL);
  await step('a soum opens and tells its status', async () => {
    await page.goto(`${base}/?lang=mn`);
    const [mn] = (await rows(page).first().getAttribute('data-names')).split('|');
    await page.locator('#filters input[name=q]').fill(mn);
    await rows(page).first().locator('a').first().click();
    await page.waitForURL(/\/soums\//);
    check((await page.locator('h1').textContent()).includes(mn), 'another soum');
    check((await page.locator('.status').first().textContent()).length > 2, 'no status');
  });
  await step('soum page: axe, mn', () => axe(page, 'soum'));
  await bothShots(page, 'soum');
  await step('a soum prints to PDF', () => print(page, 'soum-mn'));
  await step('soum page in English', async () => {
    check((await otherLanguage(page)) === 'en', 'not English');
    check(/\/soums\//.test(page.url()), 'another page');
    await axe(page, 'soum');
    await print(page, 'soum-en');
    await otherLanguage(page);
  });
  await step('a soum dark: axe', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page, 'soum, dark');
  });
  await bothShots(page, 'soum-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await step('two soums side by side: axe', async () => {
    const compare = page.locator('form[action="/compare"]');
    await compare.locator('input[name=b]').fill(await another(page));
    await compare.locator('button').click();
    await page.waitForURL(/\/compare/);
    check((await page.locator('thead th a').count()) === 2, 'not two soums');
    await axe(page, 'compare');
  });
  await bothShots(page, 'compare');
  await step('page for researchers: axe', async () => {
    await page.goto(`${base}/docs?lang=mn`);
    check((await page.locator('.copyable .copy').count()) > 0, 'nothing to copy');
    await axe(page, 'docs');
  });
  await bothShots(page, 'docs');
  await step('what is not there is told in words', async () => {
    const answer = await page.goto(`${base}/soums/01001?lang=mn`);
    check(answer.status() >= 400, `answered ${answer.status()}`);
    await axe(page, 'not there');
  });
  await bothShots(page, 'not-there');
  await browser.close();
}

/** The code of another soum than the one that is open. */
async function another(page) {
  const here = new URL(page.url()).pathname.split('/').pop();
  const { soums } = await (await fetch(`${base}/v1/soums`)).json();
  return soums.find((one) => one.au2 !== here).au2;
}
