// A browser for the walk: pages that ring alarms, screenshots, accessibility, and how steps are told.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const [base = 'http://127.0.0.1:8080', key] = process.argv.slice(2);
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
export const GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
export const NO_GL = ['--disable-gpu', '--disable-3d-apis'];
const WIDTHS = [360, 768, 1280];
const failures = [];
let steps = 0;

/** Where a screenshot or another file of the walk lies. */
export function file(name) {
  return join(out, name);
}

export async function step(name, what) {
  const began = Date.now();
  steps += 1;
  try {
    await what();
    console.log(`ok    ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL  ${name}: ${error.message.split('\n').slice(0, 4).join(' | ')}`);
  }
}

export function check(truth, text) {
  if (!truth) throw new Error(text);
}

/** What no page may do rings: ask elsewhere, break the Content-Security-Policy, throw. */
export function watch(page, ring) {
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) ring(`foreign request: ${url.href}`);
  });
  page.on('pageerror', (error) => ring(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) ring(`CSP: ${message.text()}`);
  });
}

/** A browser and one page of it. Alarms are failures of the walk unless somebody else hears them. */
export async function open(args, options = {}, ring = (alarm) => failures.push(alarm)) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...COMMON, ...args],
  });
  const context = await browser.newContext({
    locale: 'mn-MN',
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  watch(page, ring);
  page.on('dialog', (dialog) => dialog.accept());
  return { browser, page };
}

/** Screenshots of what is seen now, at every width; nothing may stand out of the page. */
export async function shots(page, name) {
  const size = page.viewportSize();
  const map = await page.locator('#map canvas').isVisible();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(150);
    if (map) await page.locator('#map[aria-busy=false]').waitFor({ timeout: 20_000 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) failures.push(`${name} at ${width} px is ${wide} px too wide`);
    await page.screenshot({ path: file(`${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize(size);
}

/** Screenshots of a state that the address holds, in both languages; ends in the language it began with. */
export async function bothShots(page, name, ready) {
  for (let i = 0; i < 2; i += 1) {
    await shots(page, `${name}-${await page.locator('html').getAttribute('lang')}`);
    await otherLanguage(page);
    await ready?.();
  }
}

export async function otherLanguage(page) {
  const link = page.locator('header a[hreflang]');
  const lang = await link.getAttribute('hreflang');
  await link.click();
  await page.locator(`html[lang=${lang}]`).waitFor();
  return lang;
}

export async function axe(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const bad = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  check(
    bad.length === 0,
    bad.map((v) => `${name}: ${v.id}: ${v.nodes[0]?.target} ${v.nodes[0]?.failureSummary}`).join('; '),
  );
}

/** Prints what is seen, as A4. */
export async function print(page, name) {
  const pdf = await page.pdf({ path: file(`${name}.pdf`), format: 'A4', preferCSSPageSize: true });
  check(pdf.length > 5000, 'an empty PDF');
}

/** Tells how the walk went and ends it. */
export function finish() {
  for (const failure of [...new Set(failures)]) console.log(`  - ${failure}`);
  console.log(failures.length === 0 ? `all ${steps} steps done` : `${failures.length} failures in ${steps} steps`);
  process.exit(failures.length === 0 ? 0 : 1);
}
