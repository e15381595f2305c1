import { num, t } from '../i18n';
import { fold, foldLoosely, matcher } from './fold';
import { type Direction, sorted } from './order';

/** What the reader looks at: told to the map whenever it changes. */
export interface View {
  by: string;
  /** Codes of the soums that are shown; nothing when all are. */
  only: string[] | undefined;
}

interface Row {
  row: HTMLTableRowElement;
  strict: string;
  loose: string;
}

const STATE = ['q', 'aimag', 'status', 'by', 'sort', 'dir'];

function field(form: HTMLFormElement | null, name: string): HTMLInputElement | HTMLSelectElement | undefined {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : undefined;
}

/** The table of soums: filtered as one types, sorted by its headings, its state in the address. */
export class Soums {
  private readonly form = document.querySelector<HTMLFormElement>('#filters');
  private readonly body = document.querySelector<HTMLTableSectionElement>('#soums tbody');
  private readonly headings = [...document.querySelectorAll<HTMLTableCellElement>('#soums thead th[data-key]')];
  private readonly count = document.querySelector<HTMLElement>('#count');
  private readonly nothing = document.createElement('p');
  private readonly rows: Row[];
  private readonly watchers: ((view: View) => void)[] = [];
  private sort: { key: string; direction: Direction } | undefined;
  view: View = { by: 'status', only: undefined };

  constructor() {
    this.rows = [...(this.body?.rows ?? [])].map((row) => {
      const aimag = this.column('aimag', row)?.textContent ?? '';
      const parts = [...(row.dataset.names ?? '').split('|'), row.dataset.au2 ?? '', aimag];
      return { row, strict: parts.map(fold).join(' '), loose: parts.map(foldLoosely).join(' ') };
    });
    this.read();
    this.listen();
    this.buttons();
    this.nothing.className = 'empty';
    this.nothing.hidden = true;
    this.nothing.textContent = t('table.nothing');
    this.body?.closest('table')?.after(this.nothing);
    this.apply();
  }

  watch(watcher: (view: View) => void): void {
    this.watchers.push(watcher);
    watcher(this.view);
  }

  rowOf(au2: string): HTMLTableRowElement | undefined {
    return this.rows.find((r) => r.row.dataset.au2 === au2)?.row;
  }

  allRows(): HTMLTableRowElement[] {
    return this.rows.map((r) => r.row);
  }

  /** The address of a soum's page, as its row links to it. */
  address(au2: string): string {
    return this.rowOf(au2)?.querySelector('a')?.getAttribute('href') ?? `/soums/${au2}${location.search}`;
  }

  private column(key: string, row: HTMLTableRowElement): HTMLTableCellElement | undefined {
    const at = this.headings.find((h) => h.dataset.key === key)?.cellIndex;
    return at === undefined ? undefined : row.cells[at];
  }

  private value(name: string): string {
    return field(this.form, name)?.value ?? '';
  }

  private read(): void {
    const query = new URLSearchParams(location.search);
    for (const name of ['q', 'aimag', 'status', 'by']) {
      const control = field(this.form, name);
      const value = query.get(name);
      if (control !== undefined && value !== null) control.value = value;
    }
    const key = query.get('sort');
    if (key !== null && this.headings.some((h) => h.dataset.key === key)) {
      this.sort = { key, direction: query.get('dir') === 'desc' ? 'descending' : 'ascending' };
    }
  }

  private listen(): void {
    this.form?.classList.add('live');
    this.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.apply();
    });
    this.form?.addEventListener('input', (event) => {
      const target = event.target as HTMLInputElement;
      if (target.name === 'cycle') this.reload();
      else this.apply();
    });
    this.form?.addEventListener('reset', () => setTimeout(() => this.apply()));
  }

  private buttons(): void {
    for (const heading of this.headings) {
      const key = heading.dataset.key ?? '';
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'sort';
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener('click', () => {
        const turned = this.sort?.key === key && this.sort.direction === 'ascending';
        this.sort = { key, direction: turned ? 'descending' : 'ascending' };
        this.apply();
      });
    }
  }

  private apply(): void {
    const matches = matcher(this.value('q'));
    const aimag = this.value('aimag');
    const status = this.value('status');
    const shown: string[] = [];
    for (const { row, strict, loose } of this.rows) {
      const fits =
        (aimag === '' || row.dataset.aimag === aimag) &&
        (status === '' || row.dataset.status === status) &&
        matches(strict, loose);
      row.hidden = !fits;
      if (fits) shown.push(row.dataset.au2 ?? '');
    }
    this.order();
    if (this.count !== null && this.rows.length > 0) {
      this.count.textContent = t('table.count', { shown: num(shown.length), all: num(this.rows.length) });
    }
    this.nothing.hidden = shown.length > 0 || this.rows.length === 0;
    this.view = { by: this.value('by') || 'status', only: shown.length === this.rows.length ? undefined : shown };
    this.remember();
    for (const watcher of this.watchers) watcher(this.view);
  }

  private order(): void {
    for (const heading of this.headings) {
      if (heading.dataset.key === this.sort?.key && this.sort !== undefined) {
        heading.setAttribute('aria-sort', this.sort.direction);
      } else heading.removeAttribute('aria-sort');
    }
    if (this.sort === undefined) return;
    const at = this.headings.find((h) => h.dataset.key === this.sort?.key)?.cellIndex ?? 0;
    const rows = sorted(this.allRows(), this.sort.key, at, this.sort.direction);
    this.body?.append(...rows);
  }

  private viewAddress(): URL {
    const url = new URL(location.href);
    const values: Record<string, string> = {
      q: this.value('q').trim(),
      aimag: this.value('aimag'),
      status: this.value('status'),
      by: this.value('by') === 'status' ? '' : this.value('by'),
      sort: this.sort?.key ?? '',
      dir: this.sort?.direction === 'descending' ? 'desc' : '',
    };
    for (const name of STATE) {
      const value = values[name] ?? '';
      if (value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return url;
  }

  private remember(): void {
    if (this.form === null && this.body === null) return;
    const url = this.viewAddress();
    if (url.href !== location.href) history.replaceState(history.state, '', url);
    // The other language shows the same view.
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) {
      const other = new URL(link.href);
      for (const name of STATE) {
        const value = url.searchParams.get(name);
        if (value === null) other.searchParams.delete(name);
        else other.searchParams.set(name, value);
      }
      other.hash = url.hash;
      link.href = other.href;
    }
  }

  private reload(): void {
    const url = this.viewAddress();
    url.searchParams.set('cycle', this.value('cycle'));
    location.assign(url);
  }
}
