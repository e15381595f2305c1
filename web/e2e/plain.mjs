// A browser that cannot draw the map.
import { axe, base, bothShots, check, NO_GL, open, step } from './browser.mjs';
import { rows } from './country.mjs';

export async function withoutWebGl() {
  const { browser, page } = await open(NO_GL);
  const ready = () => page.locator('.map-note').waitFor();
  await step('without WebGL the table is there and the page says so', async () => {
    await page.goto(`${base}/?lang=mn`);
    await rows(page).first().waitFor();
    await ready();
    check(!(await page.locator('#map').isVisible()), 'an empty map is shown');
    const picture = page.locator('#picture');
    check(await picture.isVisible(), 'no drawing in place of the map');
    await page.locator('#filters select[name=by]').selectOption('I2');
    check(/by=I2/.test(await picture.getAttribute('src')), 'the drawing keeps its colours');
    await axe(page, 'country without WebGL');
    await page.setViewportSize({ width: 360, height: 900 });
    await page.locator('#legend .swatch').first().waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await bothShots(page, 'no-webgl', ready);
  await browser.close();
}
