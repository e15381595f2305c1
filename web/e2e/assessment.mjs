// An assessment made at the desk: refused, cancelled, gone on with, read before anybody has published it.
import { writeFileSync } from 'node:fs';
import { axe, check, file, shots, step } from './browser.mjs';

const jobs = (page) => page.locator('#jobs-title ~ .items > .item');
const opened = (page) => page.locator('#assessments-title ~ .items > .item:has(.facts)');

async function ask(page, years) {
  for (const [field, text] of Object.entries(years)) await page.locator(`#assess [name=${field}]`).fill(text);
  await page.locator('#assess button[type=submit]').click();
}

/** Does what begins a job, and waits until the desk shows it, as the first. */
async function newJob(page, begin) {
  const [accepted] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.status() === 202),
    begin(),
  ]);
  const { id } = await accepted.json();
  await page.locator(`#jobs-title ~ .items > .item[id="job-${id}"]`).waitFor();
}

export async function assessment(page, lang) {
  await step(`desk, ${lang}: a refusal is told in words`, async () => {
    await ask(page, { baseline_first: '2020', baseline_last: '2022' });
    await page.locator('#assess .problem').waitFor();
    await shots(page, `desk-refusal-${lang}`);
  });
  const cycle = `e2e-${lang}`;
  const years = {
    baseline_first: '2009',
    baseline_last: '2018',
    reporting_first: '2019',
    reporting_last: '2024',
    cycle,
  };
  await step(`desk, ${lang}: an assessment is cancelled`, async () => {
    await newJob(page, () => ask(page, years));
    await jobs(page).first().locator('.actions button').last().click();
    await jobs(page).first().locator('.sure button.main').click();
    await jobs(page).first().locator('.state.dismissed').waitFor();
    await shots(page, `desk-cancelled-${lang}`);
  });
  await step(`desk, ${lang}: it goes on, and the service tells how far it is`, () => goesOn(page, lang));
  await step(`desk, ${lang}: it opens`, async () => {
    await jobs(page).first().locator('a[href^="#assessment="]').click();
    await opened(page).waitFor();
    check((await opened(page).locator('.counts li').count()) > 0, 'no statuses');
  });
  await step(`desk, ${lang}: its soums are read`, () => verdicts(page, cycle));
  await step(`desk, ${lang}: its findings are read`, () => noticed(page, lang));
  await step(`desk, ${lang}: work, axe`, () => axe(page, 'desk'));
  await shots(page, `desk-done-${lang}`);
  await step(`desk, ${lang}: its tables are packed and fetched, also when the service does not tell`, () => pack(page));
}

/** While lists are held back, only the events of the job can tell its end. */
async function goesOn(page, lang) {
  const lists = '**/v1/jobs?*';
  const held = [];
  let over = false;
  let followed = 0;
  const count = (request) => {
    followed += Number(request.url().endsWith('/events'));
  };
  page.on('request', count);
  await jobs(page).first().locator('.actions button').last().click();
  await jobs(page).first().locator('progress').waitFor();
  await page.route(lists, (route) => {
    if (over) return route.continue();
    held.push(route);
  });
  await shots(page, `desk-running-${lang}`);
  await jobs(page).first().locator('.state.successful').waitFor({ timeout: 180_000 });
  page.off('request', count);
  check(followed > 0, 'the events of the job were not asked for');
  over = true;
  for (const route of held) await route.continue();
  await page.unroute(lists);
  await jobs(page).first().locator('a[href^="#assessment="]').waitFor();
}

async function verdicts(page, cycle) {
  const table = opened(page).locator('.verdicts');
  await table.locator('tbody tr').first().waitFor();
  const soums = await table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => ({ au2: row.cells[0].textContent, status: row.querySelector('.status').classList[1] })),
    );
  const counted = await opened(page).locator('.counts li').allTextContents();
  const told = counted.reduce((all, text) => all + Number(/\d+$/.exec(text.replace(/\s/g, ''))[0]), 0);
  check(soums.length === told, `${soums.length} rows, ${told} soums`);
  const sentences = await table.locator('td.words').allTextContents();
  check(
    sentences.every((text) => text.length > 20),
    'a soum without a sentence',
  );
  const [{ status }] = soums;
  await table.locator('select[name=status]').selectOption(status);
  const left = await table.locator('tbody .status').evaluateAll((marks) => marks.map((mark) => mark.classList[1]));
  check(left.length === soums.filter((one) => one.status === status).length, 'the filter counts otherwise');
  check(
    left.every((one) => one === status),
    'other statuses are shown',
  );
  await table.locator('select[name=status]').selectOption('');
  writeFileSync(file('assessment.json'), JSON.stringify({ cycle, soums }));
}

async function noticed(page, lang) {
  const table = opened(page).locator('.noticed');
  await table.locator('tbody tr').first().waitFor();
  const of = () => table.locator('.severity').evaluateAll((marks) => marks.map((mark) => mark.classList[1]));
  const all = await of();
  const order = ['error', 'warning', 'info'];
  check(
    all.every((one, i) => i === 0 || order.indexOf(one) >= order.indexOf(all[i - 1])),
    'not the most severe first',
  );
  const [severity] = all;
  await table.locator('select[name=severity]').selectOption(severity);
  await table.locator('tbody tr').first().waitFor();
  await page.waitForFunction(
    (only) => [...document.querySelectorAll('.noticed .severity')].every((mark) => mark.classList[1] === only),
    severity,
  );
  check((await of()).length > 0, 'the filter leaves nothing');
  await shots(page, `desk-findings-${lang}`);
  await table.locator('select[name=severity]').selectOption('');
}

async function pack(page) {
  await page.route('**/v1/jobs/*/events', (route) => route.abort());
  await newJob(page, () => opened(page).locator(':scope > .actions button').first().click());
  const fetched = jobs(page).first().locator('.actions button').first();
  await jobs(page).first().locator('.state.successful').waitFor({ timeout: 60_000 });
  await page.unroute('**/v1/jobs/*/events');
  const [download] = await Promise.all([page.waitForEvent('download'), fetched.click()]);
  check((await download.failure()) === null, 'the file did not come');
}
