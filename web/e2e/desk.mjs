// The analyst's desk: a file is brought in, corrected and accepted; an assessment is made of what is held.

import { assessment } from './assessment.mjs';
import { axe, base, bothShots, key, NO_GL, open, otherLanguage, print, shots, step } from './browser.mjs';
import { geotiff } from './geotiff.mjs';
import { dropped, uploads } from './uploads.mjs';

/** Without a key the desk is only looked at from outside. */
export async function deskFromOutside() {
  const { browser, page } = await open(NO_GL);
  const ready = () => page.locator('#sign-in').waitFor();
  for (const lang of ['en', 'mn']) {
    await step(`desk, signed out: axe, ${lang}`, async () => {
      await page.goto(`${base}/desk?lang=${lang}`);
      await ready();
      await axe(page, 'desk');
    });
  }
  await bothShots(page, 'desk-out', ready);
  for (const lang of ['mn', 'en']) {
    await step(`a wrong key is refused with words, ${lang}`, async () => {
      await page.goto(`${base}/desk?lang=${lang}`);
      await page.locator('#sign-in input').fill('soum_live_wrong');
      await page.locator('#sign-in button[type=submit]').click();
      await page.locator('.problem').waitFor();
      await shots(page, `desk-wrong-key-${lang}`);
    });
  }
  await browser.close();
}

export async function signIn(page, lang) {
  await page.goto(`${base}/desk?lang=${lang}`);
  await page.locator('#sign-in input').fill(key);
  await page.locator('#sign-in button[type=submit]').click();
  await page.locator('#drafts-title').waitFor();
  await page.locator('.limits').waitFor();
}

/** All the work of an analyst, in one language: most of what is seen is in no address. */
export async function deskWork(lang, year) {
  const { browser, page } = await open(NO_GL);
  const name = `evi_${year}_${Date.now()}.tif`;
  const item = page.locator('#drafts-title ~ .items > .item', { hasText: name });
  await step(`desk, ${lang}: sign in`, () => signIn(page, lang));
  await step(`desk, ${lang}: a GeoTIFF is dragged onto it`, async () => {
    const value = (x, y) => 0.2 + (x + y + (Date.now() % 97) / 97) / 200;
    const bytes = geotiff({ west: 96, north: 49, cell: 0.05, width: 80, height: 40, value });
    await dropped(page, name, bytes);
    await item.locator('.state.needs_input, .state.ready').waitFor({ timeout: 30_000 });
    await item.locator('.fold').click();
    await item.locator('.extent svg').waitFor();
  });
  await step(`desk, ${lang}: draft, axe`, () => axe(page, 'desk draft'));
  await shots(page, `desk-draft-${lang}`);
  await item.locator('.fold').click();
  await uploads(page, lang);
  await item.locator('.fold').click();
  await step(`desk, ${lang}: say what the file is`, async () => {
    for (const [field, text] of Object.entries({ product: 'evi', date: String(year), scale: '1', offset: '0' })) {
      await item.locator(`[name=${field}]`).fill(text);
    }
    await item.locator('form:has([name=product]) button[type=submit]').click();
    await item.locator('.state.ready').waitFor({ timeout: 30_000 });
    await shots(page, `desk-ready-${lang}`);
  });
  await step(`desk, ${lang}: nothing is lost by reloading`, async () => {
    await page.reload();
    await item.locator('.extent svg').waitFor({ timeout: 20_000 });
  });
  await step(`desk, ${lang}: accept`, async () => {
    await item.locator('form.accept button[type=submit]').click();
    await item.locator('.state.accepted').waitFor({ timeout: 60_000 });
    await shots(page, `desk-accepted-${lang}`);
    await item.locator('.fold').click();
  });
  await assessment(page, lang);
  await step(`desk, ${lang}: prints to PDF`, () => print(page, `desk-${lang}`));
  await step(`desk, ${lang}: the other language keeps what is open`, async () => {
    await otherLanguage(page);
    await page.locator('#assessments-title ~ .items .facts').waitFor();
    await axe(page, 'desk');
  });
  await step(`desk, ${lang}: dark, axe`, async () => {
    await otherLanguage(page);
    await page.locator('#assessments-title ~ .items .facts').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await axe(page, 'desk, dark');
    await shots(page, `desk-dark-${lang}`);
  });
  await browser.close();
}
