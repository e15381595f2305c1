// Names are typed in Cyrillic, in several Latin spellings, or with the look-alikes of old code pages.

const LOOKALIKES: Record<string, string> = { є: 'ө', ї: 'ү', ѳ: 'ө' };

const LATIN: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'j',
  з: 'z',
  и: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  ө: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ү: 'u',
  ф: 'f',
  х: 'h',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sh',
  ъ: '',
  ы: 'i',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
};

/** The letters and digits of a text, the same for every spelling of a name. */
export function fold(text: string): string {
  const lower = text.normalize('NFC').toLowerCase();
  let latin = '';
  for (const letter of lower) {
    const usual = LOOKALIKES[letter] ?? letter;
    latin += LATIN[usual] ?? usual.normalize('NFD').replace(/\p{M}/gu, '');
  }
  return latin
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/kh|x/g, 'h')
    .replace(/zh|dj/g, 'j')
    .replace(/dz/g, 'z')
    .replace(/gh/g, 'g')
    .replace(/tz/g, 'ts')
    .replace(/w/g, 'v')
    .replace(/q/g, 'k')
    .replace(/y[eo]/g, 'e')
    .replace(/y(?![au])/g, 'i')
    .replace(/(.)\1+/gu, '$1');
}

/** As `fold`, and u counts as o: Latin spellings write Ө as o, u or ö. */
export function foldLoosely(text: string): string {
  return fold(text)
    .replace(/u/g, 'o')
    .replace(/(.)\1+/gu, '$1');
}

/** A test of a name against what was typed: every word must be found. */
export function matcher(query: string): (strict: string, loose: string) => boolean {
  const words = query
    .trim()
    .split(/\s+/)
    .filter((w) => w !== '')
    .map((w) =>
      /\p{Script=Cyrillic}/u.test(w) ? { text: fold(w), loose: false } : { text: foldLoosely(w), loose: true },
    )
    .filter((w) => w.text !== '');
  return (strict, loose) => words.every((w) => (w.loose ? loose : strict).includes(w.text));
}
