import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const src = new URL('../src', import.meta.url).pathname;
const read = (name) => JSON.parse(readFileSync(join(src, 'locales', name), 'utf8'));
const sources = readdirSync(src, { recursive: true })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(join(src, name), 'utf8'))
  .join('\n');
// Keys that are put together from a code, as in word('status', code).
const prefixes = new Set([...sources.matchAll(/\bword\('(\w+)'/g)].map((found) => found[1]));

for (const table of ['', 'desk.']) {
  const [mn, en] = [read(`${table}mn.json`), read(`${table}en.json`)];

  test(`${table || 'site.'} every message is there in both languages`, () => {
    assert.deepEqual(Object.keys(mn), Object.keys(en));
    for (const [key, text] of Object.entries({ ...mn, ...en })) assert.notEqual(text.trim(), '', key);
  });

  test(`${table || 'site.'} both languages fill the same places`, () => {
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const key of Object.keys(en)) assert.deepEqual(places(mn[key]), places(en[key]), key);
  });

  test(`${table || 'site.'} every message is used`, () => {
    const unused = Object.keys(en).filter((key) => {
      const prefix = key.split('.')[0];
      return !sources.includes(`'${key}'`) && !(key.includes('.') && prefixes.has(prefix));
    });
    assert.deepEqual(unused, []);
  });
}

test('Mongolian messages are written in Cyrillic', () => {
  const latin = new Set(['level.pug']);
  for (const [key, text] of Object.entries({ ...read('mn.json'), ...read('desk.mn.json') })) {
    const bare = text.replace(/\{\w+\}/g, '');
    assert.ok(latin.has(key) || /\p{Script=Cyrillic}/u.test(bare) || !/\p{L}/u.test(bare), `${key}: ${text}`);
  }
});

test('every stage that a job of the service tells has words', () => {
  const crates = new URL('../../crates', import.meta.url).pathname;
  const told = /\b(?:watch|desk)\.step\(\s*"([^"]+)"/g;
  const stages = ['assessment/src', 'plan/src', 'cli/src/commands/job'].flatMap((folder) =>
    readdirSync(join(crates, folder), { recursive: true })
      // the sample country is made at the command line alone
      .filter((name) => name.endsWith('.rs') && !name.startsWith('sample'))
      .flatMap((name) => [...readFileSync(join(crates, folder, name), 'utf8').matchAll(told)].map((found) => found[1])),
  );
  assert.ok(stages.length > 10, `only ${stages} found`);
  const words = read('desk.en.json');
  assert.deepEqual(
    [...new Set(stages)].filter((stage) => words[`stage.${stage}`] === undefined),
    [],
  );
});
