import en from './locales/en.json';
import mn from './locales/mn.json';

export type Lang = 'mn' | 'en';
export type Key = keyof typeof en;
export interface Text {
  mn: string;
  en: string;
}

export const lang: Lang = document.documentElement.lang.startsWith('en') ? 'en' : 'mn';

/** The messages of a set of tables, both languages of which have the same keys. */
export function messages<K extends string>(tables: Record<Lang, Record<K, string>>) {
  const table: Record<string, string> = tables[lang];
  return {
    /** The message of a key; `{name}` is filled from `values`. */
    t(key: K, values: Record<string, string | number> = {}): string {
      return (table[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        if (value === undefined) return whole;
        return typeof value === 'number' ? num(value) : value;
      });
    },
    /** A message whose key is known only by its code, such as a status; the code itself when there is none. */
    word(prefix: string, code: string): string {
      return table[`${prefix}.${code}`] ?? code;
    },
  };
}

export const { t, word } = messages({ mn, en });

/** What the server says in both languages. */
export function pick(text: Text | null | undefined): string {
  return text === undefined || text === null ? '' : text[lang] || text.mn || text.en;
}

export const collator = new Intl.Collator(lang === 'mn' ? 'mn' : 'en', { numeric: true, sensitivity: 'base' });

export function num(value: number, digits = 0): string {
  const text = new Intl.NumberFormat(lang, { maximumFractionDigits: digits, useGrouping: 'min2' }).format(value);
  // Groups as the service prints them, and a true minus sign.
  return text.replace(/,/g, '\u202f').replace(/-/g, '\u2212');
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let n = value;
  let i = 0;
  while (n >= 1024 && i < units.length - 1) {
    n /= 1024;
    i += 1;
  }
  return `${num(n, n < 10 && i > 0 ? 1 : 0)}\u00a0${units[i]}`;
}

/** A time as the reader's clock shows it, to the minute. */
export function time(rfc3339: string): string {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return rfc3339;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
