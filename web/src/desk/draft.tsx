import { useEffect, useState } from 'preact/hooks';
import { get, post, remove } from './api';
import { Correct } from './correct';
import { Extent } from './extent';
import { bytes, lang, num, pick, t, time, word } from './i18n';
import { Facts, Field, Frame, Short, Sure, Trouble, useAction } from './parts';
import { may, refresh } from './store';
import type { Draft, Finding, Preview } from './types';
import { LICENCES } from './vocabulary';

export function Findings({ findings, total }: { findings: Finding[]; total: number }) {
  if (total === 0) return <p>{t('findings.none')}</p>;
  return (
    <>
      <h3>{t('findings.title', { count: total })}</h3>
      <ul class="findings">
        {findings.map((f) => (
          <li key={`${f.code} ${f.au2 ?? ''} ${f.place ?? ''}`} class={f.severity}>
            <strong>{word('severity', f.severity)}</strong> {lang === 'mn' ? f.text_mn : f.text_en}{' '}
            {f.place ? <span class="small">{f.place}</span> : null} {f.count > 1 && <span>× {num(f.count)}</span>}{' '}
            <code>{f.code}</code>
          </li>
        ))}
      </ul>
      {total > findings.length && <p class="small">{t('findings.more', { count: total - findings.length })}</p>}
    </>
  );
}

function FirstRows({ preview }: { preview: Preview }) {
  const { headings, first_rows: rows, first_units: units } = preview.content;
  if (units !== undefined) {
    return (
      <Frame label={t('preview.units')}>
        <table>
          <caption>{t('preview.units')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('column.code')}</th>
              <th scope="col">{t('column.matched')}</th>
              <th scope="col">{t('column.name')}</th>
              <th scope="col" class="n">
                {t('column.area')}
              </th>
            </tr>
          </thead>
          <tbody>
            {units.map((u) => (
              <tr key={u.code}>
                <td>{u.code}</td>
                <td>{u.au2 ?? '–'}</td>
                <td>{(lang === 'mn' ? (u.name_mn ?? u.name_en) : (u.name_en ?? u.name_mn)) ?? '–'}</td>
                <td class="n">{num(u.area_ha)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Frame>
    );
  }
  if (headings === undefined || rows === undefined) return null;
  const fields = Array.isArray(preview.content.fields) ? {} : (preview.content.fields ?? {});
  const taken = new Map(Object.entries(fields).map(([field, heading]) => [heading, field]));
  return (
    <Frame label={t('preview.rows')}>
      <table class="sheet">
        <caption>{t('preview.rows')}</caption>
        <thead>
          <tr>
            {headings.map((h) => (
              <th scope="col" key={h}>
                {h}
                <small>{taken.get(h) ?? t('preview.unused')}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                <td key={headings[i] ?? i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Frame>
  );
}

function Seen({ preview }: { preview: Preview }) {
  const c = preview.content;
  const n = (value: number | null | undefined, digits = 6) =>
    value === undefined || value === null ? '' : num(value, digits);
  const layers = Array.isArray(c.fields) ? c.fields : undefined;
  return (
    <>
      <Facts
        long={[t('preview.attributes')]}
        rows={[
          [word('field', 'kind'), word('kind', preview.kind)],
          [t('preview.size'), c.width === undefined ? '' : `${num(c.width)} × ${num(c.height ?? 0)}`],
          [t('preview.bands'), n(c.bands)],
          [t('preview.cell'), c.dx === undefined ? '' : `${n(c.dx)} × ${n(c.dy)}`],
          [t('preview.type'), c.pixel_type],
          [word('field', 'product'), c.product],
          [word('field', 'date'), c.date],
          [word('field', 'scale'), n(c.scale, 9)],
          [word('field', 'offset'), n(c.offset, 9)],
          [word('field', 'nodata'), n(c.nodata)],
          [word('field', 'crs'), c.crs?.epsg ? `EPSG:${c.crs.epsg}` : ''],
          [t('preview.row_count'), n(c.rows)],
          [t('preview.records'), n(c.records)],
          [t('preview.likely'), c.likely?.map((k) => word('table', k)).join(', ')],
          [t('preview.features'), n(c.features)],
          [t('preview.unit_count'), n(c.units)],
          [t('preview.area'), n(c.area_km2, 0)],
          [t('preview.attributes'), layers?.map((f) => `${f.name} (${f.samples.slice(0, 3).join(', ')})`).join('; ')],
        ]}
      />
      {c.soums_held === false && <p class="problem">{t('preview.no_soums')}</p>}
      <FirstRows preview={preview} />
      {preview.extent?.bbox !== undefined && <Extent box={preview.extent.bbox} />}
      {preview.refusal ? null : <Findings findings={preview.findings} total={preview.findings_total} />}
    </>
  );
}

function Accept({ draft }: { draft: Draft }) {
  const [licence, setLicence] = useState('CC-BY-4.0');
  const [attribution, setAttribution] = useState('');
  const [visibility, setVisibility] = useState('');
  const [incomplete, setIncomplete] = useState(false);
  const { running, problem, run } = useAction();
  const part = draft.state === 'needs_input';
  if (part && draft.preview?.kind !== 'raster') return null;
  return (
    <form
      class="accept"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await post(`/v1/drafts/${draft.id}/accept`, {
            licence,
            attribution,
            visibility: visibility === '' ? null : visibility,
            ...(part ? { incomplete } : {}),
          });
          await refresh();
        });
      }}
    >
      <h3>{t('accept.title')}</h3>
      <div class="fields">
        <Field label={t('accept.licence')} hint={t('accept.licence_hint')}>
          <input value={licence} list="licences" onInput={(event) => setLicence(event.currentTarget.value)} />
        </Field>
        <Field label={t('accept.attribution')}>
          <input value={attribution} onInput={(event) => setAttribution(event.currentTarget.value)} />
        </Field>
        <Field label={t('accept.visibility')}>
          <select value={visibility} onChange={(event) => setVisibility(event.currentTarget.value)}>
            <option value="">{t('visibility.usual')}</option>
            <option value="public">{t('visibility.public')}</option>
            <option value="platform">{t('visibility.platform')}</option>
            <option value="private">{t('visibility.private')}</option>
          </select>
        </Field>
        <datalist id="licences">
          {LICENCES.map((l) => (
            <option key={l} value={l} />
          ))}
        </datalist>
        {part && (
          <label class="check">
            <input
              type="checkbox"
              checked={incomplete}
              onChange={(event) => setIncomplete(event.currentTarget.checked)}
            />
            {t('accept.incomplete')}
          </label>
        )}
      </div>
      <Trouble problem={problem} />
      <p class="actions">
        <button type="submit" class="main" disabled={running || (part && !incomplete)}>
          {t('accept.send')}
        </button>
      </p>
    </form>
  );
}

/** How much of a file is here; its other half is on the reader's disk. */
function Arriving({ draft }: { draft: Draft }) {
  const [held, setHeld] = useState<number | undefined>(undefined);
  useEffect(() => {
    get<{ received: number }>(`/uploads/${draft.id}`).then(
      (found) => setHeld(found.received),
      () => undefined,
    );
  }, [draft.id]);
  return (
    <p>
      {t('draft.arriving')} {held !== undefined && t('draft.held', { held: bytes(held), size: bytes(draft.length) })}
    </p>
  );
}

function Body({ draft }: { draft: Draft }) {
  const preview = draft.preview ?? undefined;
  const open = draft.state === 'ready' || draft.state === 'needs_input' || draft.state === 'refused';
  const { problem, run } = useAction();
  const taking = draft.job?.kind === 'ingest' ? draft.job : undefined;
  return (
    <>
      {draft.state === 'inspecting' && <p>{t('draft.looking')}</p>}
      {draft.state === 'receiving' && <Arriving draft={draft} />}
      {draft.state === 'failed' && <p class="problem">{t('draft.broken')}</p>}
      {preview?.refusal && (
        <div class="problem" role="alert">
          <strong>{t('draft.refusal')}</strong> {pick({ mn: preview.refusal.text_mn, en: preview.refusal.text_en })}{' '}
          <code>{preview.refusal.code}</code>
        </div>
      )}
      {preview !== undefined && preview.needs.length > 0 && draft.state === 'needs_input' && (
        <p class="ask">{t('draft.needs', { fields: preview.needs.map((f) => word('field', f)).join(', ') })}</p>
      )}
      {draft.datasets.length > 0 && (
        <p>
          {t('draft.became')}{' '}
          {draft.datasets.map((d) => (
            <a key={d} href={`/v1/datasets/${d}`}>
              <Short digest={d} />
            </a>
          ))}
        </p>
      )}
      {preview !== undefined && draft.state !== 'receiving' && <Seen preview={preview} />}
      {taking !== undefined && draft.state !== 'accepted' && (
        <p>
          {word('job', taking.kind)}: {word('jobstate', taking.state)}
        </p>
      )}
      {open && may('upload') && (
        <>
          {draft.state !== 'refused' && <Accept draft={draft} />}
          <Correct key={JSON.stringify(draft.options) + draft.state} draft={draft} />
        </>
      )}
      <Trouble problem={problem} />
      {(open || draft.state === 'failed' || draft.state === 'receiving') && may('upload') && (
        <p class="actions discard">
          <Sure
            label={t('draft.discard')}
            question={t('draft.discard_sure')}
            act={() =>
              void run(async () => {
                await remove(`/uploads/${draft.id}`);
                await refresh();
              })
            }
          />
        </p>
      )}
    </>
  );
}

export function DraftItem({ draft, open, toggle }: { draft: Draft; open: boolean; toggle: () => void }) {
  return (
    <li class="item" id={`draft-${draft.id}`}>
      <div class="head">
        <button type="button" class="fold" aria-expanded={open} onClick={toggle}>
          {draft.file_name}
        </button>
        <span class={`state ${draft.state}`}>{word('draft', draft.state)}</span>
        <span class="small">
          {bytes(draft.length)} · {time(draft.created_at)}
        </span>
      </div>
      {open && <Body draft={draft} />}
    </li>
  );
}
