import { useState } from 'preact/hooks';
import { post } from './api';
import { Detail } from './detail';
import { t, time, word } from './i18n';
import { Field, Short, Trouble, useAction } from './parts';
import { assessments, refresh } from './store';
import type { AssessmentRequest } from './types';

const LEVELS = ['bag', 'pug', 'aimag', 'zone'];

export function AssessForm() {
  const year = new Date().getFullYear();
  const [from, setFrom] = useState('2009');
  const [to, setTo] = useState('2018');
  const [first, setFirst] = useState('2019');
  const [last, setLast] = useState(String(year - 1));
  const [cycle, setCycle] = useState('');
  const [soums, setSoums] = useState('');
  const [levels, setLevels] = useState<string[]>([]);
  const { running, problem, run } = useAction();
  const years = (value: string, set: (v: string) => void, label: string, name: string) => (
    <Field label={label}>
      <input
        name={name}
        type="number"
        inputMode="numeric"
        min={1980}
        max={2100}
        required
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </Field>
  );
  return (
    <section aria-labelledby="assess-title">
      <h2 id="assess-title">{t('assess.title')}</h2>
      <form
        id="assess"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const asked: AssessmentRequest = {
              baseline: `${from}..${to}`,
              reporting: `${first}..${last}`,
              cycle: cycle.trim() === '' ? null : cycle.trim(),
              soums: soums.split(/[\s,;]+/).filter((s) => s !== ''),
              levels,
            };
            await post('/v1/assessments', asked);
            await refresh();
          });
        }}
      >
        <div class="fields">
          {years(from, setFrom, t('assess.baseline_first'), 'baseline_first')}
          {years(to, setTo, t('assess.baseline_last'), 'baseline_last')}
          {years(first, setFirst, t('assess.reporting_first'), 'reporting_first')}
          {years(last, setLast, t('assess.reporting_last'), 'reporting_last')}
          <Field label={t('cycle')} hint={t('assess.cycle_hint')}>
            <input name="cycle" value={cycle} onInput={(event) => setCycle(event.currentTarget.value)} />
          </Field>
          <Field label={t('assess.soums')} hint={t('assess.soums_hint')}>
            <input name="soums" value={soums} onInput={(event) => setSoums(event.currentTarget.value)} />
          </Field>
        </div>
        <fieldset>
          <legend>{t('assess.levels')}</legend>
          {LEVELS.map((level) => (
            <label class="check" key={level}>
              <input
                type="checkbox"
                checked={levels.includes(level)}
                onChange={(event) =>
                  setLevels(event.currentTarget.checked ? [...levels, level] : levels.filter((l) => l !== level))
                }
              />
              {word('level', level)}
            </label>
          ))}
        </fieldset>
        <Trouble problem={problem} />
        <p class="actions">
          <button type="submit" class="main" disabled={running}>
            {t('assess.send')}
          </button>
        </p>
      </form>
    </section>
  );
}

export function Assessments({ open, toggle }: { open: string | undefined; toggle: (id: string) => void }) {
  const all = assessments.value;
  return (
    <section aria-labelledby="assessments-title">
      <h2 id="assessments-title">{t('assessments.title')}</h2>
      {all === undefined && <p>{t('loading')}</p>}
      {all?.length === 0 && <p class="small">{t('assessments.none')}</p>}
      <ul class="items">
        {all?.map((a) => (
          <li class="item" key={a.id} id={`assessment-${a.id}`}>
            <div class="head">
              <button type="button" class="fold" aria-expanded={open === a.id} onClick={() => toggle(a.id)}>
                {t('cycle')} {a.cycle}
              </button>
              <span class={a.published.length > 0 ? 'state successful' : 'state'}>
                {a.published.length > 0 ? t('assess.published', { cycles: a.published.join(', ') }) : t('assess.draft')}
              </span>
              <span class="small">
                {time(a.created_at)} · <Short digest={a.id} />
              </span>
              {a.published.map((c) => (
                <a key={c} href={`/?cycle=${encodeURIComponent(c)}`}>
                  {t('assess.see')}
                </a>
              ))}
            </div>
            {open === a.id && <Detail summary={a} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
