// Serves web/dist within the markup that the service gives, as the service will: node dev/serve.mjs [PORT]
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join } from 'node:path';
import { answer } from './harness.mjs';

const service = new URL(process.env.BELCHEER_SERVICE ?? 'http://127.0.0.1:8123');
const port = Number(process.argv[2] ?? 8125);
const dist = new URL('../dist', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

function tags(entries) {
  return entries
    .map((entry) => manifest[entry])
    .flatMap((chunk) => [
      ...(chunk.css ?? []).map((css) => `<link rel="stylesheet" href="/${css}">`),
      `<script type="module" src="/${chunk.file}"></script>`,
    ])
    .join('\n');
}

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://localhost');
  if (url.pathname.startsWith('/assets/')) {
    const file = join(dist, url.pathname);
    if (!existsSync(file)) return res.writeHead(404).end();
    const packed = existsSync(`${file}.gz`);
    res.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    });
    return createReadStream(packed ? `${file}.gz` : file).pipe(res);
  }
  const page = await answer(service.origin, url, req.headers, tags);
  if (page !== undefined) return res.writeHead(page.status ?? 200, page.headers).end(page.body);
  const through = request(
    { host: service.hostname, port: service.port, path: req.url, method: req.method, headers: { ...req.headers } },
    (found) => {
      res.writeHead(found.statusCode, found.headers);
      found.pipe(res);
    },
  );
  through.on('error', () => res.writeHead(502).end());
  req.pipe(through);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
