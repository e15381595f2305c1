import { useState } from 'preact/hooks';
import { num, pick, t, word } from './i18n';
import { Frame, Lost, useAnswer } from './parts';
import type { AllNoticed as Answer, Noticed } from './types';

const SEVERITIES = ['error', 'warning', 'info'];
const FIRST = 200;
/** More than this the service does not hand out. */
const MOST = 2000;

function Row({ finding }: { finding: Noticed }) {
  return (
    <tr>
      <td>
        <span class={`severity ${finding.severity}`}>{word('noticed', finding.severity)}</span>
      </td>
      <td>{finding.au2 ?? ''}</td>
      <td class="words">
        {pick(finding.text)} <code>{finding.code}</code>
      </td>
      <td class="n">{num(finding.count)}</td>
      <td class="place">{finding.place ?? ''}</td>
      <td class="place">{finding.input}</td>
    </tr>
  );
}

/** What an assessment noticed about its inputs and results, what matters most first. */
export function AllNoticed({ assessment }: { assessment: string }) {
  const [severity, setSeverity] = useState('');
  const [limit, setLimit] = useState(FIRST);
  const asked = new URLSearchParams({ limit: String(limit), ...(severity === '' ? {} : { severity }) });
  const { found, failed } = useAnswer<Answer>(`${assessment}/findings?${asked}`);
  if (failed !== undefined) return <Lost what={t('noticed.title')} problem={failed} />;
  if (found === undefined) return <p>{t('loading')}</p>;
  const { total, findings } = found;
  return (
    <section class="noticed">
      <h3>{t('noticed.title')}</h3>
      <p class="choices">
        <label>
          {t('noticed.severity')}{' '}
          <select
            name="severity"
            value={severity}
            onChange={(event) => {
              setLimit(FIRST);
              setSeverity(event.currentTarget.value);
            }}
          >
            <option value="">{t('all')}</option>
            {SEVERITIES.map((code) => (
              <option key={code} value={code}>
                {word('noticed', code)}
              </option>
            ))}
          </select>
        </label>
        <span class="small" aria-live="polite">
          {total === 0 ? t('noticed.none') : t('noticed.count', { shown: findings.length, all: total })}
        </span>
      </p>
      {findings.length > 0 && (
        <Frame label={t('noticed.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('noticed.severity')}</th>
                <th scope="col">{t('column.soum')}</th>
                <th scope="col">{t('column.finding')}</th>
                <th scope="col" class="n">
                  {t('column.count')}
                </th>
                <th scope="col">{t('column.place')}</th>
                <th scope="col">{t('column.input')}</th>
              </tr>
            </thead>
            <tbody>
              {findings.map((f) => (
                <Row key={`${f.code} ${f.au2 ?? ''} ${f.input} ${f.place ?? ''}`} finding={f} />
              ))}
            </tbody>
          </table>
        </Frame>
      )}
      {findings.length < total && limit < MOST && (
        <p class="actions">
          <button type="button" onClick={() => setLimit(MOST)}>
            {t('noticed.more', { count: Math.min(total, MOST) })}
          </button>
        </p>
      )}
    </section>
  );
}
