import { useEffect, useState } from 'preact/hooks';
import { get } from './api';
import { num, t } from './i18n';

type Box = [number, number, number, number];

const MONGOLIA: Box = [87.7, 41.5, 119.9, 52.2];
const SQUEEZE = Math.cos((46.9 * Math.PI) / 180);

let outlines: Promise<string[]> | undefined;

/** Borders of the soums as SVG paths; fetched once. */
function borders(): Promise<string[]> {
  outlines ??= get<GeoJSON.FeatureCollection<GeoJSON.MultiPolygon | null>>('/v1/soums?f=geojson&limit=1000')
    .then((found) =>
      found.features.map((feature) =>
        (feature.geometry?.coordinates ?? [])
          .flat()
          .map(
            (ring) => `M${ring.map(([x = 0, y = 0]) => `${(x * SQUEEZE).toFixed(3)} ${(-y).toFixed(3)}`).join('L')}Z`,
          )
          .join(''),
      ),
    )
    .catch(() => []);
  return outlines;
}

/** Where a file lies: its frame over the country. */
export function Extent({ box }: { box: Box }) {
  const [paths, setPaths] = useState<string[]>([]);
  useEffect(() => {
    void borders().then(setPaths);
  }, []);
  const [w, s, e, n] = box;
  const [left, bottom, right, top] = [
    Math.min(w, MONGOLIA[0]),
    Math.min(s, MONGOLIA[1]),
    Math.max(e, MONGOLIA[2]),
    Math.max(n, MONGOLIA[3]),
  ];
  const words = t('extent.words', { w: num(w, 2), s: num(s, 2), e: num(e, 2), n: num(n, 2) });
  const view = `${left * SQUEEZE - 0.3} ${-top - 0.3} ${(right - left) * SQUEEZE + 0.6} ${top - bottom + 0.6}`;
  const [mw, ms, me, mn] = MONGOLIA;
  return (
    <figure class="extent">
      <svg viewBox={view} role="img" aria-label={words}>
        <rect class="country" x={mw * SQUEEZE} y={-mn} width={(me - mw) * SQUEEZE} height={mn - ms} />
        {paths.map((path) => (
          <path key={path} d={path} />
        ))}
        <rect class="frame" x={w * SQUEEZE} y={-n} width={(e - w) * SQUEEZE} height={n - s} />
      </svg>
      <figcaption class="small">{words}</figcaption>
    </figure>
  );
}
