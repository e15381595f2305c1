import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import {
  AttributionControl,
  type ExpressionSpecification,
  LngLatBounds,
  type MapGeoJSONFeature,
  Map as MapLibre,
  NavigationControl,
  Popup,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { lang, num, t, word } from '../i18n';
import { shownName } from '../site/order';
import type { Soums, View } from '../site/soums';
import { drawLegend } from './legend';
import { fillColour, hatch, hatched, MARKS } from './palette';
import { type Choice, drawRaster, fetchRasters, RASTER, rasterControls } from './rasters';
import { readState, writeState } from './state';

const SOUMS = 'soums';
const FONT = ['Noto Sans'];

function template(text: string): string {
  return location.origin + text;
}

function placeOf(row: HTMLTableRowElement | undefined): [number, number] | undefined {
  const [lon, lat] = (row?.dataset.at ?? '').split(',').map(Number);
  return lon !== undefined && lat !== undefined && Number.isFinite(lon) && Number.isFinite(lat)
    ? [lon, lat]
    : undefined;
}

/** Where names are written: the points that the table's rows tell, so that no name appears twice. */
function labelPoints(soums: Soums): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  for (const row of soums.allRows()) {
    const at = placeOf(row);
    if (at === undefined) continue;
    features.push({
      type: 'Feature',
      properties: { name: shownName(row) },
      geometry: { type: 'Point', coordinates: at },
    });
  }
  return { type: 'FeatureCollection', features };
}

function style(map: MapLibre, container: HTMLElement, soums: Soums): void {
  const layer = container.dataset.layer ?? 'verification';
  map.addImage('hatch', hatch(), { pixelRatio: 2 });
  map.addSource(SOUMS, {
    type: 'vector',
    tiles: [template(container.dataset.tiles ?? '')],
    maxzoom: Number(container.dataset.maxzoom ?? 9),
  });
  const drawn = { source: SOUMS, 'source-layer': layer };
  map.addLayer({ id: 'hatch', type: 'fill', ...drawn, paint: { 'fill-pattern': 'hatch' } });
  map.addLayer({ id: 'fill', type: 'fill', ...drawn, paint: { 'fill-color': fillColour('status') } });
  const width: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 4, 0.5, 9, 1.5];
  map.addLayer({ id: 'border', type: 'line', ...drawn, paint: { 'line-color': '#4a4a4a', 'line-width': width } });
  map.addLayer({
    id: 'chosen',
    type: 'line',
    ...drawn,
    filter: ['==', ['get', 'au2'], ''],
    paint: { 'line-color': '#101010', 'line-width': 3 },
  });
  const points = labelPoints(soums);
  const own = points.features.length > 0;
  if (own) map.addSource('names', { type: 'geojson', data: points });
  const name: ExpressionSpecification = own
    ? ['get', 'name']
    : ['coalesce', ['get', `name_${lang}`], ['get', 'name_mn'], ['get', 'au2']];
  map.addLayer({
    id: 'names',
    type: 'symbol',
    ...(own ? { source: 'names' } : drawn),
    minzoom: 5.5,
    layout: { 'text-field': name, 'text-font': FONT, 'text-size': 13, 'text-max-width': 8 },
    paint: { 'text-color': '#000000', 'text-halo-color': '#ffffff', 'text-halo-width': 2 },
  });
}

function show(map: MapLibre, view: View, rasterDrawn: boolean): void {
  const among: ExpressionSpecification =
    view.only === undefined ? ['literal', true] : ['in', ['get', 'au2'], ['literal', view.only]];
  map.setFilter('fill', among);
  map.setFilter('hatch', ['all', among, hatched(view.by)]);
  map.setPaintProperty('fill', 'fill-color', fillColour(view.by));
  // Over a raster only the borders are drawn: two colourings at once say nothing.
  for (const id of ['fill', 'hatch']) map.setLayoutProperty(id, 'visibility', rasterDrawn ? 'none' : 'visible');
}

function describe(feature: MapGeoJSONFeature, address: string, by: string): HTMLElement {
  const told = feature.properties;
  const holder = document.createElement('div');
  const link = document.createElement('a');
  link.href = address;
  link.textContent = String(told[`name_${lang}`] ?? told.name_mn ?? told.au2);
  const status = document.createElement('div');
  const code = String(told.status ?? '');
  status.textContent = `${MARKS[code] ?? ''} ${word('status', code)}`;
  holder.append(link, ` (${told.au2})`, status);
  if (typeof told.score === 'number') {
    const score = document.createElement('div');
    score.textContent = `${t('score')}: ${num(told.score)}`;
    holder.append(score);
  }
  if (/^I[1-5]$/.test(by)) {
    const indicator = document.createElement('div');
    indicator.textContent = `${by}: ${word('class', String(told[by] ?? 'insufficient'))}`;
    holder.append(indicator);
  }
  return holder;
}

/** What pointing at a soum does: its name and verdict; a click opens its page, a touch shows the link first. */
function pointing(map: MapLibre, soums: Soums): void {
  const popup = new Popup({ closeButton: false, closeOnClick: false, focusAfterOpen: false, maxWidth: '16rem' });
  const found = (point: { x: number; y: number }) =>
    map.queryRenderedFeatures([point.x, point.y], { layers: ['pick'] })[0];
  const choose = (au2: string) => map.setFilter('chosen', ['==', ['get', 'au2'], au2]);
  const hovers = window.matchMedia('(hover: hover)').matches;
  let last = '';
  const leave = () => {
    popup.remove();
    choose('');
    last = '';
    map.getCanvas().style.cursor = '';
  };
  map.on('mousemove', (event) => {
    if (!hovers) return;
    const feature = found(event.point);
    if (feature === undefined) return leave();
    const au2 = String(feature.properties.au2);
    popup.setLngLat(event.lngLat);
    if (au2 === last) return;
    last = au2;
    choose(au2);
    map.getCanvas().style.cursor = 'pointer';
    popup.setDOMContent(describe(feature, soums.address(au2), soums.view.by)).addTo(map);
  });
  map.on('mouseout', leave);
  map.on('click', (event) => {
    const feature = found(event.point);
    if (feature === undefined) return leave();
    const au2 = String(feature.properties.au2);
    if (hovers) return location.assign(soums.address(au2));
    choose(au2);
    popup
      .setLngLat(event.lngLat)
      .setDOMContent(describe(feature, soums.address(au2), soums.view.by))
      .addTo(map);
  });
}

/** Goes to the few soums that were asked for when none of them is in sight. */
function follow(map: MapLibre, soums: Soums, view: View): void {
  if (view.only === undefined || view.only.length > 12) return;
  const places = view.only.flatMap((au2) => {
    const at = placeOf(soums.rowOf(au2));
    return at === undefined ? [] : [at];
  });
  const [first] = places;
  if (first === undefined || places.some((at) => map.getBounds().contains(at))) return;
  const bounds = new LngLatBounds(first, first);
  for (const at of places) bounds.extend(at);
  map.fitBounds(bounds, { padding: 60, maxZoom: Math.max(map.getZoom(), 6) });
}

export async function startMap(container: HTMLElement, soums: Soums): Promise<void> {
  setWorkerUrl(workerUrl);
  const [w = 87.7, s = 41.5, e = 119.9, n = 52.2] = (container.dataset.bounds ?? '').split(',').map(Number);
  const state = readState();
  const map = new MapLibre({
    container,
    style: { version: 8, sources: {}, layers: [] },
    bounds: [w, s, e, n],
    fitBoundsOptions: { padding: 12 },
    maxBounds: [w - 12, s - 8, e + 12, n + 8],
    maxZoom: 12,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: true,
    attributionControl: false,
    locale: {
      'NavigationControl.ZoomIn': t('map.zoom_in'),
      'NavigationControl.ZoomOut': t('map.zoom_out'),
      'Map.Title': t('map.title'),
      'CooperativeGesturesHandler.WindowsHelpText': t('map.gesture_ctrl'),
      'CooperativeGesturesHandler.MacHelpText': t('map.gesture_cmd'),
      'CooperativeGesturesHandler.MobileHelpText': t('map.gesture_touch'),
    },
  });
  map.touchZoomRotate.disableRotation();
  if (state.zoom !== undefined && state.lat !== undefined && state.lon !== undefined) {
    map.jumpTo({ zoom: state.zoom, center: [state.lon, state.lat] });
  }
  // Until somebody moves it, the whole country stays in sight however wide the page is.
  let moved = state.zoom !== undefined;
  map.on('movestart', (event) => {
    moved ||= 'originalEvent' in event && event.originalEvent !== undefined;
  });
  map.on('resize', () => {
    if (!moved) map.fitBounds([w, s, e, n], { padding: 12, animate: false });
  });
  const busy = (state: boolean) => container.setAttribute('aria-busy', String(state));
  for (const event of ['resize', 'movestart', 'dataloading'] as const) map.on(event, () => busy(true));
  map.on('idle', () => busy(false));
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
  map.addControl(new AttributionControl({ compact: false, customAttribution: 'Belcheer' }), 'bottom-right');

  const loaded = new Promise<void>((resolve) => map.once('style.load', () => resolve()));
  // Names are drawn by the browser's own font machine: the font must be there before the first name.
  const font = document.fonts.load('400 24px "Noto Sans"', 'Aa Аа Өө Үү').catch(() => []);
  const [rasters] = await Promise.all([fetchRasters(container.dataset.rasters), loaded, font]);
  style(map, container, soums);
  // What can be pointed at does not depend on what is coloured.
  map.addLayer({
    id: 'pick',
    type: 'fill',
    source: SOUMS,
    'source-layer': container.dataset.layer ?? 'verification',
    paint: { 'fill-opacity': 0 },
  });

  const legend = document.querySelector<HTMLElement>('#legend');
  let choice: Choice = {
    raster: rasters.find((r) => r.digest === state.raster),
    opacity: state.opacity ?? 0.8,
  };
  const remember = () => {
    const { lng, lat } = map.getCenter();
    // A view that nobody chose is left to the width of the next page.
    const place = moved ? { zoom: map.getZoom(), lat, lon: lng } : {};
    const chosen = choice.raster === undefined ? {} : { raster: choice.raster.digest, opacity: choice.opacity };
    writeState({ ...place, ...chosen });
  };
  const draw = () => {
    show(map, soums.view, choice.raster !== undefined);
    drawLegend(legend, soums.view.by, choice.raster);
  };
  const choose = (next: Choice) => {
    const same = next.raster === choice.raster && map.getLayer(RASTER) !== undefined;
    choice = next;
    if (same) map.setPaintProperty(RASTER, 'raster-opacity', next.opacity);
    else drawRaster(map, next.raster, next.opacity, 'hatch');
    draw();
    remember();
  };
  if (rasters.length > 0) container.before(rasterControls(rasters, choice, choose));
  if (choice.raster !== undefined) drawRaster(map, choice.raster, choice.opacity, 'hatch');
  soums.watch((view) => {
    draw();
    follow(map, soums, view);
  });
  pointing(map, soums);
  map.on('moveend', remember);
}
