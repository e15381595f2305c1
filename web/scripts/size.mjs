// Fails when a page would weigh more than agreed, also as gzip: browsers take Brotli over https alone.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../dist', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const KIB = 1024;

function weight(file, end) {
  const twin = join(dist, `${file}.${end}`);
  return statSync(existsSync(twin) ? twin : join(dist, file)).size;
}

/** An entry's script, its styles and everything it imports at once. */
function files(key, found = new Set()) {
  const chunk = manifest[key];
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const other of chunk.imports ?? []) files(other, found);
  return found;
}

const assets = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`);
// Of the fonts a Mongolian page needs all but the rare letters of cyrillic-ext.
const fonts = assets.filter((name) => name.endsWith('.woff2') && !name.includes('cyrillic-ext'));
const first = new Set([...files('src/site.ts'), ...fonts]);
const map = new Set([...first, ...files('src/map/map.ts'), ...assets.filter((name) => /worker.*js$/.test(name))]);
const desk = new Set([...files('src/desk.ts'), ...fonts]);
const sum = (set, end) => [...set].reduce((all, name) => all + weight(name, end), 0);
const whole = assets
  .filter((name) => !/\.(gz|br)$/.test(name))
  .reduce((all, name) => all + statSync(join(dist, name)).size, 0);

let failed = false;
for (const [what, br, gz, most] of [
  // the page itself adds 26 KiB for the 339 soums: 60 in all
  ['first view', sum(first, 'br'), sum(first, 'gz'), 34],
  ['desk', sum(desk, 'br'), sum(desk, 'gz'), 110],
  ['with map', sum(map, 'br'), sum(map, 'gz'), 480],
  ['dist', whole, whole, 2.5 * KIB],
]) {
  const over = Math.max(br, gz) > most * KIB;
  failed ||= over;
  console.log(
    `${what.padEnd(12)} ${(br / KIB).toFixed(1).padStart(8)} KiB br ${(gz / KIB).toFixed(1).padStart(8)} KiB gz, at most ${most} KiB${over ? '  TOO MUCH' : ''}`,
  );
}
process.exit(failed ? 1 : 0);
