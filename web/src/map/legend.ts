import { num, pick, t } from '../i18n';
import { swatches } from './palette';
import { type Raster, rasterName, type Stop } from './rasters';

function element(name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function swatch(colour: string | undefined): HTMLElement {
  const made = element('span', colour === undefined ? 'swatch hatch' : 'swatch');
  made.setAttribute('aria-hidden', 'true');
  if (colour !== undefined) made.style.backgroundColor = colour;
  return made;
}

function list(entries: { colour: string | undefined; label: string; mark?: string }[]): HTMLElement {
  const made = element('ul', 'swatches');
  for (const entry of entries) {
    const item = document.createElement('li');
    item.append(swatch(entry.colour), `${entry.mark ? `${entry.mark} ` : ''}${entry.label}`);
    made.append(item);
  }
  return made;
}

function bar(stops: Stop[], unit: string): HTMLElement {
  const made = element('div', 'ramp');
  const [first, last] = [stops[0], stops.at(-1)];
  if (first === undefined || last === undefined) return made;
  const span = last.value - first.value || 1;
  const strip = element('div', 'strip');
  const places = stops.map((s) => `${s.color} ${(((s.value - first.value) / span) * 100).toFixed(1)}%`);
  strip.style.backgroundImage = `linear-gradient(to right, ${places.join(', ')})`;
  const ends = element('div', 'ends');
  ends.append(
    element('span', '', num(first.value, 3)),
    element('span', '', unit),
    element('span', '', num(last.value, 3)),
  );
  made.append(strip, ends);
  return made;
}

/** The legend of what is drawn: the raster, else the soums by what colours them. */
export function drawLegend(holder: HTMLElement | null, by: string, raster: Raster | undefined): void {
  if (holder === null) return;
  if (raster === undefined) {
    const soums = element('div', 'legend-part');
    soums.append(element('strong', '', t('legend.soums')), list(swatches(by)));
    holder.replaceChildren(soums);
    return;
  }
  const part = element('div', 'legend-part');
  part.append(element('strong', '', rasterName(raster)));
  part.append(
    raster.kind === 'classes'
      ? list(raster.legend.map((s) => ({ colour: s.color, label: pick(s.label) || num(s.value) })))
      : bar(raster.legend, raster.unit),
  );
  holder.replaceChildren(part);
}
