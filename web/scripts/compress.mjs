// Beside every output its .gz and .br twin, where that is smaller.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import zopfli from '@gfx/zopfli';

const dist = new URL('../dist', import.meta.url).pathname;
const gzip = promisify(zopfli.gzip);
const plain = /\.(woff2|png|gz|br)$/;

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (plain.test(name) || name.startsWith('.vite') || !statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  const options = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  for (const [end, small] of [
    ['gz', await gzip(bytes, { numiterations: 5 })],
    ['br', brotliCompressSync(bytes, options)],
  ]) {
    if (small.length < bytes.length) writeFileSync(`${path}.${end}`, small);
  }
}
