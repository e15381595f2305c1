// How long a poor line takes: 256 kbit/s and 600 ms, nothing kept from before. Seconds until the words can be read.
// usage: node e2e/slow.mjs URL
import { base, NO_GL, open } from './browser.mjs';

const LINE = { offline: false, latency: 600, downloadThroughput: 32_000, uploadThroughput: 32_000 };
const list = await (await fetch(`${base}/v1/soums`)).json();
for (const [what, path, most] of [
  ["a soum's page", `/soums/${list.soums[0].au2}?lang=mn`, 4],
  ['the list of soums', '/?lang=mn', undefined],
]) {
  const { browser, page } = await open(NO_GL);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', LINE);
  await page.goto(base + path, { waitUntil: 'load', timeout: 60_000 });
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  const bound = most === undefined ? '' : `, at most ${most} s`;
  console.log(`${what}: words after ${(paint / 1000).toFixed(2)} s${bound}`);
  if (most !== undefined && paint > most * 1000) process.exitCode = 1;
  await browser.close();
}
