import type { Map as MapLibre } from 'maplibre-gl';
import type { components } from '../api';
import { pick, t } from '../i18n';

export type Stop = components['schemas']['LegendStop'];

export type Raster = Omit<components['schemas']['MapRaster'], 'bounds'> & { bounds: [number, number, number, number] };

export const RASTER = 'raster';

export function rasterName(raster: Raster): string {
  const name = `${pick(raster.title)} (${raster.product})`;
  return raster.period ? `${name}, ${raster.period}` : name;
}

/** The choices, those of a product together. */
function groups(rasters: Raster[]): HTMLOptGroupElement[] {
  const made = new Map<string, HTMLOptGroupElement>();
  for (const raster of rasters) {
    const group = made.get(raster.product) ?? document.createElement('optgroup');
    group.label = `${pick(raster.title)} (${raster.product})`;
    group.append(new Option(raster.period ?? raster.digest.slice(0, 19), raster.digest));
    made.set(raster.product, group);
  }
  return [...made.values()];
}

export async function fetchRasters(address: string | undefined): Promise<Raster[]> {
  if (address === undefined || address === '') return [];
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return [];
    const body = (await answer.json()) as { rasters?: Raster[] };
    return body.rasters ?? [];
  } catch {
    return [];
  }
}

/** Puts a raster under the borders, or takes it away. */
export function drawRaster(map: MapLibre, raster: Raster | undefined, opacity: number, below: string): void {
  if (map.getLayer(RASTER) !== undefined) map.removeLayer(RASTER);
  if (map.getSource(RASTER) !== undefined) map.removeSource(RASTER);
  if (raster === undefined) return;
  map.addSource(RASTER, {
    type: 'raster',
    tiles: [new URL(raster.tiles, location.href).href.replace(/%7B/g, '{').replace(/%7D/g, '}')],
    tileSize: 256,
    bounds: raster.bounds,
    maxzoom: 12,
  });
  const layer = {
    id: RASTER,
    type: 'raster' as const,
    source: RASTER,
    paint: { 'raster-opacity': opacity, 'raster-resampling': 'nearest' as const, 'raster-fade-duration': 0 },
  };
  map.addLayer(layer, below);
}

export interface Choice {
  raster: Raster | undefined;
  opacity: number;
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(text, ' ', control);
  return label;
}

/** The controls above the map: which raster, how strong. */
export function rasterControls(rasters: Raster[], first: Choice, change: (choice: Choice) => void): HTMLElement {
  const holder = document.createElement('div');
  holder.className = 'map-tools';
  const select = document.createElement('select');
  select.name = 'raster';
  select.append(new Option(t('raster.none'), ''), ...groups(rasters));
  select.value = first.raster?.digest ?? '';
  const slider = document.createElement('input');
  Object.assign(slider, { type: 'range', name: 'opacity', min: '0.1', max: '1', step: '0.1' });
  slider.value = String(first.opacity);
  const strength = labelled(t('raster.opacity'), slider);
  const told = () => {
    const raster = rasters.find((r) => r.digest === select.value);
    strength.hidden = raster === undefined;
    return { raster, opacity: Number(slider.value) };
  };
  select.addEventListener('change', () => change(told()));
  slider.addEventListener('input', () => change(told()));
  told();
  holder.append(labelled(t('raster.choose'), select), strength);
  return holder;
}
