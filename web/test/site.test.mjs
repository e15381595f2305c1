import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

globalThis.document = { documentElement: { lang: 'mn' } };
const root = new URL('..', import.meta.url).pathname;
const load = async (name) => (await runnerImport(name, { root, configFile: false, logLevel: 'error' })).module;
const { fold, foldLoosely, matcher } = await load('./src/site/fold.ts');
const { parseNumber } = await load('./src/site/order.ts');
const { bytes, num } = await load('./src/i18n.ts');

const finds = (typed, ...names) => matcher(typed)(names.map(fold).join(' '), names.map(foldLoosely).join(' '));

test('a name is found in every usual spelling', () => {
  for (const typed of ['Өмнөговь', 'омноговь', 'ӨМНӨГОВЬ', 'Ємнєговь', 'omnogovi', 'umnugovi', 'Ömnögovi', 'mnog']) {
    assert.ok(finds(typed, 'Өмнөговь', 'Umnugovi'), typed);
  }
  for (const typed of ['баянхонгор', 'Bayankhongor', 'bayanhongor', 'баян хонгор', 'bayanxongor']) {
    assert.ok(finds(typed, 'Баянхонгор'), typed);
  }
  assert.ok(finds('ulanbatar', 'Улаанбаатар'));
  assert.ok(finds('жаргалант', 'Жаргалант'));
  assert.ok(finds('zhargalant', 'Жаргалант'));
  assert.ok(finds('Їйзэн', 'Үйзэн'));
  assert.ok(finds('06404', 'Булган', '06404'));
  assert.ok(finds('булган архангай', 'Булган', 'Архангай'));
});

test('what was not asked for is not found', () => {
  assert.ok(!finds('булган', 'Баянгол', 'Bayangol'));
  assert.ok(!finds('булган увс', 'Булган', 'Архангай'));
  assert.ok(finds('', 'Булган'));
  assert.ok(finds(' - ', 'Булган'));
});

test('numbers are read as pages print them', () => {
  assert.equal(parseNumber('344\u202f524'), 344524);
  assert.equal(parseNumber('\u22121.3 [\u22122; 0]'), -1.3);
  assert.equal(parseNumber('42 [38; 45]'), 42);
  assert.equal(parseNumber('-'), undefined);
  assert.equal(parseNumber(''), undefined);
});

test('numbers are printed as pages print them', () => {
  assert.equal(num(344524.4), '344\u202f524');
  assert.equal(num(-0.25, 2), '\u22120.25');
  assert.equal(bytes(17179869184), '16\u00a0GiB');
  assert.equal(bytes(1558), '1.5\u00a0KiB');
});
