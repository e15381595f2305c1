import { useState } from 'preact/hooks';
import { lang, num, pick, t, word } from './i18n';
import { Frame, Lost, MARKS, STATUSES, useAnswer } from './parts';
import type { Verdicts as Answer, Verdict } from './types';

/** A score with its interval, as the pages print it. */
function score({ score, score_ci90_low: low, score_ci90_high: high }: Verdict): string {
  if (typeof score !== 'number') return '-';
  return typeof low === 'number' && typeof high === 'number' ? `${num(score)} [${num(low)}; ${num(high)}]` : num(score);
}

function Row({ soum }: { soum: Verdict }) {
  const name = lang === 'mn' ? (soum.name_mn ?? soum.name_en) : (soum.name_en ?? soum.name_mn);
  return (
    <tr>
      <td>{soum.au2}</td>
      <th scope="row">{name ?? soum.au2}</th>
      <td>{pick({ mn: soum.aimag, en: soum.aimag_en ?? soum.aimag })}</td>
      <td>
        <span class={`status ${soum.status}`}>
          <span aria-hidden="true">{MARKS[soum.status]}</span> {pick(soum.status_text)}
        </span>
      </td>
      <td class="n">{score(soum)}</td>
      <td class="words">{pick(soum.sentence)}</td>
    </tr>
  );
}

/** What an assessment says of every soum, before anybody has published it. */
export function Verdicts({ assessment }: { assessment: string }) {
  const { found, failed } = useAnswer<Answer>(`${assessment}/soums`);
  const [status, setStatus] = useState('');
  if (failed !== undefined) return <Lost what={t('verdicts.title')} problem={failed} />;
  if (found === undefined) return <p>{t('loading')}</p>;
  const shown = found.soums.filter((soum) => status === '' || soum.status === status);
  const count = (code: string) => found.soums.filter((soum) => soum.status === code).length;
  return (
    <section class="verdicts">
      <h3>{t('verdicts.title')}</h3>
      <p class="choices">
        <label>
          {t('column.status')}{' '}
          <select name="status" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            <option value="">{t('all')}</option>
            {STATUSES.filter((code) => count(code) > 0).map((code) => (
              <option key={code} value={code}>
                {word('status', code)} ({num(count(code))})
              </option>
            ))}
          </select>
        </label>
        <span class="small" aria-live="polite">
          {t('table.count', { shown: shown.length, all: found.soums.length })}
        </span>
      </p>
      <Frame label={t('verdicts.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('column.code')}</th>
              <th scope="col">{t('column.soum')}</th>
              <th scope="col">{t('column.aimag')}</th>
              <th scope="col">{t('column.status')}</th>
              <th scope="col" class="n">
                {t('column.score')}
              </th>
              <th scope="col">{t('column.sentence')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((soum) => (
              <Row key={soum.au2} soum={soum} />
            ))}
          </tbody>
        </table>
      </Frame>
    </section>
  );
}
