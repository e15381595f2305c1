import { collator, lang } from '../i18n';

export type Direction = 'ascending' | 'descending';

const NUMBERS = new Set(['code', 'score', 'area', 'findings']);
const STATUS = ['verified_improving', 'verified_maintained', 'not_verified', 'insufficient_evidence'];
const CLASS = ['improved', 'stable', 'declined', 'insufficient'];

type Value = string | number | undefined;

/** A number as pages print it: narrow spaces between thousands, a true minus sign. */
export function parseNumber(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(/\u2212/g, '-');
  const found = /^[+-]?\d+(\.\d+)?/.exec(plain);
  return found === null ? undefined : Number(found[0]);
}

export function shownName(row: HTMLTableRowElement): string {
  const [mn = '', en = ''] = (row.dataset.names ?? '').split('|');
  return (lang === 'mn' ? mn || en : en || mn) || (row.dataset.au2 ?? '');
}

function rank(list: string[], value: string | undefined): number | undefined {
  const at = list.indexOf(value ?? '');
  return at < 0 ? undefined : at;
}

function valueIn(row: HTMLTableRowElement, key: string, column: number): Value {
  const data = row.dataset;
  switch (key) {
    case 'code':
      return parseNumber(data.au2 ?? '');
    case 'name':
      return shownName(row);
    case 'status':
      return rank(STATUS, data.status);
    case 'score':
      return parseNumber(data.score ?? '');
    case 'I1':
    case 'I2':
    case 'I3':
    case 'I4':
    case 'I5':
      return rank(CLASS, data[key.toLowerCase()]);
    default: {
      const cell = row.cells[column];
      const text = data[key] ?? cell?.dataset.sort ?? cell?.textContent?.trim() ?? '';
      return NUMBERS.has(key) ? parseNumber(text) : text || undefined;
    }
  }
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** The rows in a new order; what has no value comes last in either direction, equals keep their order. */
export function sorted(
  rows: HTMLTableRowElement[],
  key: string,
  column: number,
  direction: Direction,
): HTMLTableRowElement[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: valueIn(row, key, column) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined);
      }
      return sign * compare(a.value, b.value);
    })
    .map((entry) => entry.row);
}
