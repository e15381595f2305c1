// Stands in for pages and tiles of the service: the contract's markup, filled from its API.
import { deflateSync } from 'node:zlib';
import geojsonvt from 'geojson-vt';
import vtpbf from 'vt-pbf';

const CSP =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const STATUS = {
  verified_improving: ['▲', 'баталгаажсан - сайжирч буй', 'verified - improving'],
  verified_maintained: ['■', 'баталгаажсан - тогтвортой', 'verified - maintained'],
  not_verified: ['▼', 'баталгаажаагүй', 'not verified'],
  insufficient_evidence: ['?', 'нотолгоо хангалтгүй', 'insufficient evidence'],
};
const CLASS = {
  improved: ['▲', 'сайжирсан', 'improved'],
  stable: ['■', 'тогтвортой', 'stable'],
  declined: ['▼', 'буурсан', 'declined'],
  insufficient: ['?', 'нотолгоо хангалтгүй', 'insufficient evidence'],
};
const INDICATORS = ['I1', 'I2', 'I3', 'I4', 'I5'];

let held;

async function soums(service) {
  held ??= (async () => {
    const { features } = await (await fetch(`${service}/v1/soums?f=geojson&limit=1000`)).json();
    await Promise.all(
      features.map(async (f) => {
        const found = await (await fetch(`${service}/v1/soums/${f.id}/verification`)).json();
        f.classes = Object.fromEntries(found.indicators.map((i) => [i.indicator, i.class]));
      }),
    );
    const index = new geojsonvt(
      {
        type: 'FeatureCollection',
        features: features.map((f) => ({
          type: 'Feature',
          id: Number(f.id),
          geometry: f.geometry,
          properties: {
            au2: f.id,
            name_mn: f.properties.name_mn,
            name_en: f.properties.name_en,
            aimag: f.id.slice(0, 2),
            status: f.properties.status,
            ...(f.properties.score === null ? {} : { score: f.properties.score }),
            ...f.classes,
          },
        })),
      },
      { maxZoom: 10, tolerance: 3, buffer: 64, promoteId: null },
    );
    return { features, index };
  })();
  return held;
}

function esc(text) {
  return String(text ?? '').replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

function page(lang, title, address, body, tags) {
  const other = lang === 'mn' ? 'en' : 'mn';
  const p = (mn, en) => (lang === 'mn' ? mn : en);
  return {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP, 'content-language': lang },
    body: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${esc(title)} - Belcheer</title><link rel="icon" href="data:,">
${tags}</head><body><a class="skip" href="#content">${p('Агуулга руу', 'Skip to content')}</a>
<header><a href="/?lang=${lang}">${p('Бэлчээр: сумын баталгаажуулалт', 'Belcheer: verification by soum')}</a><nav aria-label="${p('Цэс', 'Menu')}"><a href="/desk?lang=${lang}">${p('Шинжээчийн ширээ', 'Desk')}</a></nav><a href="${address}${address.includes('?') ? '&amp;' : '?'}lang=${other}" lang="${other}" hreflang="${other}">${p('English', 'Монгол')}</a></header>
${body}<footer><a href="/openapi.json">API</a></footer></body></html>`,
  };
}

function verdict(table, code, lang, kind) {
  const [mark, mn, en] = table[code] ?? ['', '–', '–'];
  return `<span class="${kind} ${code}"><span aria-hidden="true">${mark}</span> ${lang === 'mn' ? mn : en}</span>`;
}

function country({ features }, lang, tags) {
  const p = (mn, en) => (lang === 'mn' ? mn : en);
  const option = (v, text) => `<option value="${v}">${esc(text)}</option>`;
  const aimags = [...new Map(features.map((f) => [f.id.slice(0, 2), f.properties.aimag]))];
  const all = p('бүгд', 'all');
  const heads = [
    ['code', p('Код', 'Code')],
    ['name', p('Сум', 'Soum')],
    ['aimag', p('Аймаг', 'Aimag')],
    ['status', p('Төлөв', 'Status')],
    ['score', p('Оноо 0-100', 'Score 0-100'), 'n'],
    ...INDICATORS.map((i) => [i, i]),
    ['area', p('Бэлчээр, га', 'Rangeland, ha'), 'n'],
    ['findings', p('Тэмдэглэл', 'Findings'), 'n'],
  ];
  const rows = features.map((f) => {
    const q = f.properties;
    const [w, s, e, n] = f.bbox;
    const data = INDICATORS.map((i) => `data-${i.toLowerCase()}="${f.classes[i] ?? ''}"`).join(' ');
    return `<tr data-au2="${f.id}" data-aimag="${f.id.slice(0, 2)}" data-status="${q.status}" data-score="${q.score ?? ''}" data-names="${esc(q.name_mn)}|${esc(q.name_en)}" data-at="${((w + e) / 2).toFixed(3)},${((s + n) / 2).toFixed(3)}" ${data}><td>${f.id}</td><th scope="row"><a href="/soums/${f.id}?cycle=2024&amp;lang=${lang}">${esc(lang === 'mn' ? q.name_mn : q.name_en)}</a></th><td>${esc(q.aimag)}</td><td>${verdict(STATUS, q.status, lang, 'status')}</td><td class="n">${q.score === null ? '–' : q.score.toFixed(0)}</td>${INDICATORS.map((i) => `<td><span class="class ${f.classes[i]}" title="${esc((CLASS[f.classes[i]] ?? [])[lang === 'mn' ? 1 : 2])}"><span aria-hidden="true">${(CLASS[f.classes[i]] ?? ['–'])[0]}</span><span class="off-screen">${(CLASS[f.classes[i]] ?? [])[lang === 'mn' ? 1 : 2]}</span></span></td>`).join('')}<td class="n">${Math.round(q.rangeland_area_ha).toLocaleString('fr').replace(/\s/g, '\u202f')}</td><td class="n">${q.findings}</td></tr>`;
  });
  const by = [['status', p('төлөв', 'status')], ['score', p('оноо', 'score')], ...INDICATORS.map((i) => [i, i])];
  return page(
    lang,
    p('Сумдын баталгаажуулалт', 'Verification of soums'),
    '/?cycle=2024',
    `<main id="content"><h1>${p('Сумдын баталгаажуулалт', 'Verification of soums')}</h1><p>${p('Мөчлөг', 'Cycle')} <strong>2024</strong>: 2019–2024, ${p('суурь түвшин', 'baseline')} 2009–2018.</p>
<form id="filters" method="get" action="/"><label>${p('Хайх', 'Find')}<input name="q" type="search"></label><label>${p('Аймаг', 'Aimag')}<select name="aimag">${option('', all)}${aimags.map(([v, n]) => option(v, n)).join('')}</select></label><label>${p('Төлөв', 'Status')}<select name="status">${option('', all)}${Object.entries(
      STATUS,
    )
      .map(([v, n]) => option(v, p(n[1], n[2])))
      .join(
        '',
      )}</select></label><label>${p('Мөчлөг', 'Cycle')}<select name="cycle">${option('2024', '2024')}</select></label><label>${p('Өнгө', 'Colour by')}<select name="by">${by.map(([v, n]) => option(v, n)).join('')}</select></label><input type="hidden" name="lang" value="${lang}"><button>${p('Шүүх', 'Filter')}</button></form>
<figure class="map"><img id="picture" alt="map" width="960" height="500" src="/map.svg?cycle=2024&amp;by=status"><div id="map" hidden data-tiles="/collections/verification/tiles/WebMercatorQuad/{z}/{y}/{x}?cycle=2024" data-layer="verification" data-bounds="95.9,46.7,100.9,49.3" data-rasters="/v1/rasters" data-cycle="2024"></div><div id="legend"></div></figure>
<p id="count" aria-live="polite"></p><div class="wide" tabindex="0" role="region" aria-label="-"><table id="soums"><thead><tr>${heads.map(([k, n, c]) => `<th scope="col" data-key="${k}"${c ? ` class="${c}"` : ''}>${n}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></main>`,
    tags(['src/site.ts']),
  );
}

// One tile: a slope of colours, so that one sees where it lies.
function png(z, y, x) {
  const size = 256;
  const raw = Buffer.alloc((size * 4 + 1) * size);
  for (let r = 0; r < size; r += 1) {
    for (let c = 0; c < size; c += 1) {
      const v = Math.abs(Math.sin((x + c / size) / 2 ** (z - 5)) * Math.cos((y + r / size) / 2 ** (z - 5)));
      raw.set([200 - 160 * v, 180 - 60 * v, 120 - 80 * v, 255].map(Math.round), r * (size * 4 + 1) + 1 + c * 4);
    }
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes) {
  let c = ~0;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

const RASTERS = {
  rasters: [
    {
      digest: 'sha256:0000',
      product: 'ndvi_peak',
      title: { mn: 'NDVI-ийн дээд утга', en: 'Peak NDVI' },
      period: '2024',
      unit: 'NDVI',
      bounds: [95.9, 46.7, 100.9, 49.3],
      tiles: '/collections/sha256:0000/map/tiles/WebMercatorQuad/{z}/{y}/{x}',
      legend: [
        { value: 0, color: '#c8b478' },
        { value: 0.8, color: '#287828' },
      ],
      kind: 'continuous',
    },
  ],
};

/** What the service will answer at an address; nothing for the addresses that it has already. */
export async function answer(service, url, headers, tags) {
  const lang = url.searchParams.get('lang') ?? (/^en/.test(headers['accept-language'] ?? '') ? 'en' : 'mn');
  if (url.pathname === '/map.svg') {
    const by = esc(url.searchParams.get('by'));
    const body = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="500"><rect width="960" height="500" fill="#dde5e2"/><text x="400" y="250">${by}</text></svg>`;
    return { headers: { 'content-type': 'image/svg+xml' }, body };
  }
  if (url.pathname === '/v1/rasters') {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(RASTERS) };
  }
  const tile = /^\/collections\/(.+)\/tiles\/WebMercatorQuad\/(\d+)\/(\d+)\/(\d+)$/.exec(url.pathname);
  if (tile) {
    const [z, y, x] = tile.slice(2).map(Number);
    if (tile[1] !== 'verification') return { headers: { 'content-type': 'image/png' }, body: png(z, y, x) };
    const found = (await soums(service)).index.getTile(z, x, y);
    if (!found) return { status: 204, headers: {}, body: undefined };
    const body = Buffer.from(vtpbf.fromGeojsonVt({ verification: found }, { version: 2 }));
    return { headers: { 'content-type': 'application/vnd.mapbox-vector-tile' }, body };
  }
  if (url.pathname === '/') return country(await soums(service), lang, tags);
  if (url.pathname === '/desk') {
    return page(
      lang,
      'Desk',
      '/desk',
      `<main id="content"><h1>Desk</h1><div id="desk" data-lang="${lang}"></div></main>`,
      tags(['src/desk.ts']),
    );
  }
  if (url.pathname.startsWith('/soums/')) {
    const old = await fetch(service + url.pathname + url.search, { headers: { 'accept-language': lang } });
    const html = await old.text();
    const [, main] = /<main>(.*)<\/main>/s.exec(html) ?? [];
    const extra = `<p><button data-print hidden>${lang === 'mn' ? 'Хэвлэх' : 'Print'}</button></p><pre data-copy tabindex="0">curl ${url.origin}/v1${url.pathname}/verification</pre>`;
    const title = /<title>(.*) - Belcheer/.exec(html)?.[1] ?? '';
    return page(
      lang,
      title,
      `${url.pathname}?cycle=2024`,
      `<main id="content">${main}${extra}</main>`,
      tags(['src/site.ts']),
    );
  }
  return undefined;
}

/** The same as a plugin of vite: sources instead of the build. */
export function harness(service) {
  const tags = (entries) =>
    ['/@vite/client', ...entries.map((e) => `/${e}`)].map((s) => `<script type="module" src="${s}"></script>`).join('');
  return {
    name: 'belcheer-harness',
    configureServer(server) {
      server.middlewares.use(async (req, res, next) => {
        const found = await answer(service, new URL(req.url, 'http://localhost'), req.headers, tags);
        if (found === undefined) return next();
        // Vite puts styles into the page by script.
        const { 'content-security-policy': _strict, ...headers } = found.headers;
        res.writeHead(found.status ?? 200, headers).end(found.body);
      });
    },
  };
}
