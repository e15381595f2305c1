import { t } from '../i18n';

/** A button that prints; without scripts it stays hidden. */
function printButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}

async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Falls through to the way that needs no permission.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'off-screen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

function copyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('pre[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = t('copy');
    button.addEventListener('click', async () => {
      const done = await copy(block.textContent?.trim() ?? '');
      button.textContent = done ? t('copied') : t('copy.failed');
      setTimeout(() => {
        button.textContent = t('copy');
      }, 2000);
    });
    const holder = document.createElement('div');
    holder.className = 'copyable';
    block.replaceWith(holder);
    holder.append(block, button);
  }
}

/** Wide tables scroll inside their own frame, which the keyboard can reach while there is something to scroll. */
function scrollTables(): void {
  const frames: HTMLElement[] = [];
  for (const table of document.querySelectorAll<HTMLTableElement>('main table')) {
    if (table.closest('#desk') !== null) continue;
    let frame = table.closest<HTMLElement>('.scroll, .wide');
    if (frame === null) {
      frame = document.createElement('div');
      frame.className = 'scroll';
      table.replaceWith(frame);
      frame.append(table);
    }
    frames.push(frame);
  }
  const look = () => {
    for (const frame of frames) {
      if (frame.scrollWidth > frame.clientWidth + 1) {
        frame.tabIndex = 0;
        frame.setAttribute('role', 'region');
        frame.setAttribute('aria-label', frame.querySelector('caption')?.textContent?.trim() || t('table.frame'));
      } else {
        for (const name of ['tabindex', 'role', 'aria-label']) frame.removeAttribute(name);
      }
    }
  };
  new ResizeObserver(look).observe(document.body);
  look();
}

export function enhancePage(): void {
  printButtons();
  copyButtons();
  scrollTables();
}
