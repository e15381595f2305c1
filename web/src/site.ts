import './site.css';
import { t } from './i18n';
import { enhancePage } from './site/page';
import { Soums } from './site/soums';

function hasWebGl(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

function note(before: Element, text: string): HTMLParagraphElement {
  const line = document.createElement('p');
  line.className = 'map-note';
  line.textContent = text;
  before.before(line);
  return line;
}

async function showMap(container: HTMLElement, soums: Soums): Promise<void> {
  const line = note(container, t('map.loading'));
  const picture = document.querySelector('#picture');
  try {
    const { startMap } = await import('./map/map');
    container.hidden = false;
    picture?.classList.add('replaced');
    await startMap(container, soums);
    line.remove();
  } catch (error) {
    container.hidden = true;
    picture?.classList.remove('replaced');
    line.textContent = t('map.failed');
    console.warn(error);
    void tellLegend(soums);
  }
}

/** The drawing that stands for the map, on paper too, is coloured by the same; while it is hidden it is not fetched. */
function recolour(soums: Soums): void {
  const picture = document.querySelector<HTMLImageElement>('#picture');
  if (picture === null) return;
  soums.watch((view) => {
    const address = new URL(picture.src);
    if (address.searchParams.get('by') === view.by) return;
    address.searchParams.set('by', view.by);
    picture.src = address.href;
  });
}

/** Where the drawing stays, its legend is told beside it, too: within it, it is small on a narrow screen. */
async function tellLegend(soums: Soums): Promise<void> {
  const legend = document.querySelector<HTMLElement>('#legend');
  const replaced = () => document.querySelector('#picture')?.classList.contains('replaced') ?? true;
  try {
    const { drawLegend } = await import('./map/legend');
    soums.watch((view) => {
      if (!replaced()) drawLegend(legend, view.by, undefined);
    });
  } catch (error) {
    console.warn(error);
  }
}

/** The map comes after the text; on a line that is known to be poor it is only offered. */
function offerMap(soums: Soums): void {
  const container = document.querySelector<HTMLElement>('#map');
  if (container === null) return;
  if (!hasWebGl()) {
    note(container, t('map.no_webgl'));
    void tellLegend(soums);
    return;
  }
  const line = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;
  if (line?.saveData === true || line?.effectiveType?.includes('2g') === true) {
    const offer = document.createElement('button');
    offer.type = 'button';
    offer.textContent = t('map.offer');
    container.before(offer);
    void tellLegend(soums);
    offer.addEventListener('click', () => {
      offer.remove();
      void showMap(container, soums);
    });
    return;
  }
  const start = () => void showMap(container, soums);
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start, { once: true });
}

enhancePage();
const soums = new Soums();
recolour(soums);
offerMap(soums);
