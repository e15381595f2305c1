// Files on their way to the desk: dragged, held up, cut off, given up, refused.
import { writeFileSync } from 'node:fs';
import { base, check, file, key, shots, step } from './browser.mjs';
import { geotiff } from './geotiff.mjs';

const MIB = 1024 * 1024;
const LINE = { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput: 3 * MIB };

const transferOf = (page, name) => page.locator('#upload-title ~ .items > .item', { hasText: name });
const draftOf = (page, name) => page.locator('#drafts-title ~ .items > .item', { hasText: name });

/** Drags a file over the desk and lets it fall. */
export async function dropped(page, name, bytes) {
  const carried = await page.evaluateHandle(
    ([called, text]) => {
      const carrier = new DataTransfer();
      const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      carrier.items.add(new File([content], called, { type: 'image/tiff' }));
      return carrier;
    },
    [name, bytes.toString('base64')],
  );
  await page.dispatchEvent('.drop', 'dragover', { dataTransfer: carried });
  await page.locator('.drop.over').waitFor();
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: carried });
  check((await page.locator('.drop.over').count()) === 0, 'the desk still waits for the file to fall');
  await draftOf(page, name).waitFor({ timeout: 20_000 });
}

/** A file of 20 MB: it goes in several pieces. */
function large(name) {
  const path = file(name);
  writeFileSync(path, geotiff({ west: 96, north: 49, cell: 0.001, width: 2500, height: 2000, value: Math.random }));
  return path;
}

const pieceHeld = (page) =>
  page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.status() === 204);

/** Gives a draft up; its upload is told no longer. */
async function discard(page, name) {
  const draft = draftOf(page, name).first();
  await draft.locator('.fold').click();
  await draft.locator('.discard button').first().click();
  await draft.locator('.discard button.main').click();
  await draft.waitFor({ state: 'detached' });
  await transferOf(page, name).waitFor({ state: 'detached' });
}

/** How much of an upload the service has; 0 of one it does not know. */
async function held(id) {
  const answer = await fetch(`${base}/uploads/${id}`, { headers: { Authorization: `Bearer ${key}` } });
  return answer.ok ? (await answer.json()).received : 0;
}

export async function uploads(page, lang) {
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', LINE);
  await step(`desk, ${lang}: an upload is paused and goes on`, () => paused(page, lang));
  await step(`desk, ${lang}: an upload is cancelled`, () => cancelled(page, lang));
  await step(`desk, ${lang}: an upload that was cut off goes on`, () => cutOff(page, lang));
  await line.send('Network.emulateNetworkConditions', { ...LINE, latency: 0, uploadThroughput: -1 });
  await line.detach();
  await step(`desk, ${lang}: a file that is none is refused with words`, async () => {
    const name = `none_${lang}.tif`;
    await dropped(page, name, Buffer.from('This is a letter, not a raster.'));
    const draft = draftOf(page, name);
    await draft.locator('.state.refused').waitFor({ timeout: 30_000 });
    await draft.locator('.fold').click();
    await draft.locator('.problem').waitFor();
    await shots(page, `desk-refused-${lang}`);
    await draft.locator('.fold').click();
    await discard(page, name);
  });
}

/** What the service holds once the piece that was cut off has been written down. */
async function settled(id) {
  for (let last = await held(id); ; ) {
    await new Promise((passed) => setTimeout(passed, 1000));
    const now = await held(id);
    if (now === last) return now;
    last = now;
  }
}

async function paused(page, lang) {
  const name = `paused_${lang}.tif`;
  const transfer = transferOf(page, name);
  const [answer] = await Promise.all([pieceHeld(page), page.locator('#file').setInputFiles(large(name))]);
  const id = new URL(answer.url()).pathname.split('/').pop();
  await transfer.locator('.actions button').first().click();
  await transfer.locator('.resumed, p.small').first().waitFor();
  const before = await settled(id);
  check(before > 0, 'nothing is held');
  await shots(page, `desk-paused-${lang}`);
  check((await held(id)) === before, 'more came while it was paused');
  const [next] = await Promise.all([
    page.waitForRequest((request) => request.method() === 'PATCH'),
    transfer.locator('.actions button').first().click(),
  ]);
  const offset = Number(next.headers()['upload-offset']);
  check(offset === before, `went on from ${offset}, not from ${before}`);
  await page.locator('#upload-title ~ .items > .item.done', { hasText: name }).waitFor({ timeout: 60_000 });
  await discard(page, name);
}

async function cancelled(page, lang) {
  const name = `cancelled_${lang}.tif`;
  const transfer = transferOf(page, name);
  const [answer] = await Promise.all([pieceHeld(page), page.locator('#file').setInputFiles(large(name))]);
  const id = new URL(answer.url()).pathname.split('/').pop();
  await transfer.locator('.actions button').last().click();
  await transfer.locator('.sure').waitFor();
  await shots(page, `desk-cancel-asked-${lang}`);
  await Promise.all([
    page.waitForResponse((told) => told.request().method() === 'DELETE' && told.url().endsWith(id)),
    transfer.locator('.sure button.main').click(),
  ]);
  await transfer.waitFor({ state: 'detached' });
  check((await held(id)) === 0, 'the service still has it');
  check((await draftOf(page, name).count()) === 0, 'a draft is left');
}

async function cutOff(page, lang) {
  const name = `large_${lang}.tif`;
  const path = large(name);
  await Promise.all([pieceHeld(page), page.locator('#file').setInputFiles(path)]);
  await page.reload();
  await draftOf(page, name).waitFor();
  await page.locator('#file').setInputFiles(path);
  await transferOf(page, name).locator('.resumed').waitFor();
  await shots(page, `desk-resumed-${lang}`);
  await page.locator('#upload-title ~ .items > .item.done', { hasText: name }).waitFor({ timeout: 60_000 });
  await discard(page, name);
}
