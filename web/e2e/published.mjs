// What the walk assessed at the desk has been published since: everybody sees it. node e2e/published.mjs BASE_URL KEY
import { readFileSync } from 'node:fs';
import { axe, base, bothShots, check, file, finish, GL, open, print, step } from './browser.mjs';
import { rows } from './country.mjs';
import { signIn } from './desk.mjs';

const { cycle, soums } = JSON.parse(readFileSync(file('assessment.json'), 'utf8'));
const { browser, page } = await open(GL);
const address = `${base}/?cycle=${encodeURIComponent(cycle)}&lang=mn`;

await step('the new cycle shows what the desk showed', async () => {
  await page.goto(address);
  await rows(page).first().waitFor();
  const shown = await rows(page).evaluateAll((list) => list.map((row) => [row.dataset.au2, row.dataset.status]));
  const sorted = (list) => String(list.sort());
  check(sorted(shown) === sorted(soums.map((one) => [one.au2, one.status])), `others: ${shown}`);
  check((await page.locator('#filters select[name=cycle]').inputValue()) === cycle, 'another cycle is chosen');
  await page.locator('#legend .swatch').first().waitFor({ timeout: 20_000 });
  await axe(page, 'new cycle');
  await print(page, 'published-country-mn');
});
await bothShots(page, 'published', () => page.locator('#legend .swatch').first().waitFor({ timeout: 20_000 }));
await step("a soum's page tells the new status", async () => {
  const [{ au2, status }] = soums;
  await page.locator(`#soums tr[data-au2="${au2}"] a`).click();
  await page.waitForURL(/\/soums\//);
  check((await page.locator(`.status.${status}`).count()) > 0, `not ${status}`);
  await print(page, 'published-soum-mn');
});
await step('the desk says it is published, and leads there', async () => {
  await signIn(page, 'mn');
  const item = page.locator('#assessments-title ~ .items > .item', { hasText: cycle });
  await item.locator('.state.successful').waitFor();
  await item.locator('a[href^="/?cycle="]').click();
  await rows(page).first().waitFor();
  check(new URL(page.url()).searchParams.get('cycle') === cycle, 'another cycle');
});
await browser.close();
finish();
