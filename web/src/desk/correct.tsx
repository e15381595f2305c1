import { useMemo, useState } from 'preact/hooks';
import { patch } from './api';
import { t, word } from './i18n';
import { Field, Trouble, useAction } from './parts';
import { refresh } from './store';
import type { Draft, DraftKind, Options } from './types';
import { FIELDS, LEVELS, PRODUCTS, TABLES } from './vocabulary';

const KINDS: DraftKind[] = ['raster', 'boundaries', 'table', 'landuse', 'water', 'protected', 'exclusion'];
const NUMBERS = new Set(['scale', 'offset', 'nodata', 'band', 'crs']);

type Said = Record<string, string>;

function shown(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

/** What the form starts with: what the owner said before, else what was found in the file. */
function start(draft: Draft): Said {
  const { options, preview } = draft;
  const content = preview?.content ?? {};
  const said: Said = { kind: shown(options.kind ?? preview?.kind) };
  const found: Said = {
    product: shown(content.product),
    date: shown(content.date),
    scale: shown(content.scale),
    offset: shown(content.offset),
    nodata: shown(content.nodata),
    crs: shown(content.crs?.epsg),
    table: content.table ?? content.likely?.[0] ?? '',
    level: content.level ?? '',
    layer: shown(content.layer),
  };
  for (const name of [...Object.keys(found), 'band', 'sheet', 'code_field', 'name_field']) {
    said[name] = shown(options[name as keyof Options]) || (found[name] ?? '');
  }
  return said;
}

/** Only what differs from what is said already; an emptied field is taken back. */
function changes(draft: Draft, before: Said, now: Said, mapBefore: Said, mapNow: Said, limitedUse: boolean): object {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(now)) {
    const fresh = value.trim() !== (before[name] ?? '').trim();
    // A guess that the reader leaves as it stands is an answer, where the file still needs one.
    const guessed = value !== '' && draft.preview?.needs.includes(name) === true;
    if (!fresh && !guessed) continue;
    out[name] = value.trim() === '' ? null : NUMBERS.has(name) ? Number(value.trim().replace(',', '.')) : value.trim();
  }
  const differs = Object.entries(mapNow).some(([f, c]) => c !== (mapBefore[f] ?? ''));
  if (differs) {
    const over: Said = { ...(draft.options.map ?? {}) };
    for (const [f, c] of Object.entries(mapNow)) {
      if (c === (mapBefore[f] ?? '')) continue;
      if (c === '') delete over[f];
      else over[f] = c;
    }
    out.map = over;
  }
  if (limitedUse !== (draft.options.limited_use ?? false)) out.limited_use = limitedUse;
  return out;
}

export function Correct({ draft }: { draft: Draft }) {
  const before = useMemo(() => start(draft), [draft]);
  const [said, setSaid] = useState<Said>(before);
  const content = draft.preview?.content ?? {};
  const found = content.fields !== undefined && !Array.isArray(content.fields) ? content.fields : {};
  const mapBefore: Said = { ...found, ...(draft.options.map ?? {}) };
  const [map, setMap] = useState<Said>({});
  const [limitedUse, setLimitedUse] = useState(draft.options.limited_use ?? false);
  const { running, problem, run } = useAction();
  const needs = draft.preview?.needs ?? [];
  const kind = said.kind ?? '';

  const control = (name: string) => ({
    name,
    value: said[name] ?? '',
    onInput: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setSaid((old) => ({ ...old, [name]: value }));
    },
  });
  const text = (name: string, hint?: string, list?: string) => (
    <Field label={word('field', name)} needed={needs.includes(name)} {...(hint === undefined ? {} : { hint })}>
      <input type="text" list={list} {...control(name)} autocomplete="off" />
    </Field>
  );
  const choice = (name: string, values: string[], prefix: string) => (
    <Field label={word('field', name)} needed={needs.includes(name)}>
      <select {...control(name)}>
        <option value="">–</option>
        {values.map((v) => (
          <option key={v} value={v}>
            {word(prefix, v)}
          </option>
        ))}
      </select>
    </Field>
  );
  const names = Array.isArray(content.fields) ? content.fields.map((f) => f.name) : [];
  const headings = content.headings ?? [];
  const fields = [...new Set([...Object.keys(mapBefore), ...(FIELDS[said.table ?? ''] ?? [])])];
  const mapNow: Said = { ...mapBefore, ...map };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = changes(draft, before, said, mapBefore, mapNow, limitedUse);
        void run(async () => {
          await patch(`/v1/drafts/${draft.id}`, body);
          await refresh();
        });
      }}
    >
      <h3>{t('correct.title')}</h3>
      <div class="fields">
        {choice('kind', KINDS, 'kind')}
        {kind === 'raster' && (
          <>
            {text('product', undefined, `products-${draft.id}`)}
            {text('date', t('correct.date'))}
            {text('scale', t('correct.scale'))}
            {text('offset')}
            {text('nodata')}
            {text('band')}
            {text('crs', t('correct.crs'))}
            <datalist id={`products-${draft.id}`}>
              {PRODUCTS.map((p) => (
                <option key={p} value={p} />
              ))}
            </datalist>
          </>
        )}
        {kind === 'table' && (
          <>
            {choice('table', TABLES, 'table')}
            {(content.sheets?.length ?? 0) > 1 && choice('sheet', content.sheets ?? [], 'sheet')}
          </>
        )}
        {kind === 'boundaries' && choice('level', LEVELS, 'level')}
        {['boundaries', 'landuse', 'water', 'protected', 'exclusion'].includes(kind) && (
          <>
            {text('code_field', undefined, `names-${draft.id}`)}
            {kind === 'boundaries' && text('name_field', undefined, `names-${draft.id}`)}
            {text('layer')}
            {text('crs', t('correct.crs'))}
            <datalist id={`names-${draft.id}`}>
              {names.map((n) => (
                <option key={n} value={n} />
              ))}
            </datalist>
          </>
        )}
        {kind === 'protected' && (
          <label class="check">
            <input
              type="checkbox"
              checked={limitedUse}
              onChange={(event) => setLimitedUse(event.currentTarget.checked)}
            />
            {t('correct.limited_use')}
          </label>
        )}
      </div>
      {kind === 'table' && fields.length > 0 && (
        <details open={draft.state === 'refused'}>
          <summary>{t('correct.columns')}</summary>
          <div class="fields columns">
            {fields.map((f) => (
              <Field key={f} label={f}>
                <input
                  value={mapNow[f] ?? ''}
                  list={`headings-${draft.id}`}
                  autocomplete="off"
                  onInput={(event) => {
                    const { value } = event.currentTarget;
                    setMap((old) => ({ ...old, [f]: value }));
                  }}
                />
              </Field>
            ))}
          </div>
          <datalist id={`headings-${draft.id}`}>
            {headings.map((h) => (
              <option key={h} value={h} />
            ))}
          </datalist>
        </details>
      )}
      <Trouble problem={problem} />
      <p class="actions">
        <button type="submit" disabled={running}>
          {t('correct.send')}
        </button>
      </p>
    </form>
  );
}
