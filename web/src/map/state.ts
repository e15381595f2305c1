/** What the address tells of the map, behind `#`. */
export interface MapState {
  zoom?: number;
  lat?: number;
  lon?: number;
  raster?: string;
  opacity?: number;
}

export function readState(): MapState {
  const hash = new URLSearchParams(location.hash.slice(1));
  const state: MapState = {};
  const [zoom, lat, lon] = (hash.get('map') ?? '').split('/').map(Number);
  if ([zoom, lat, lon].every((n) => n !== undefined && Number.isFinite(n))) {
    Object.assign(state, { zoom, lat, lon });
  }
  const raster = hash.get('raster');
  if (raster !== null) state.raster = raster;
  const opacity = Number(hash.get('opacity') ?? Number.NaN);
  if (opacity >= 0 && opacity <= 1) state.opacity = opacity;
  return state;
}

export function writeState(state: MapState): void {
  const parts: string[] = [];
  if (state.zoom !== undefined && state.lat !== undefined && state.lon !== undefined) {
    parts.push(`map=${state.zoom.toFixed(2)}/${state.lat.toFixed(3)}/${state.lon.toFixed(3)}`);
  }
  if (state.raster !== undefined) {
    parts.push(`raster=${encodeURIComponent(state.raster)}`);
    if (state.opacity !== undefined) parts.push(`opacity=${state.opacity}`);
  }
  const url = new URL(location.href);
  url.hash = parts.join('&');
  history.replaceState(history.state, '', url);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) link.hash = url.hash;
}
