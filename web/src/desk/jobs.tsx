import { download, post, remove } from './api';
import { busy } from './events';
import { num, pick, t, time, word } from './i18n';
import { Short, Statuses, Sure, Trouble, useAction } from './parts';
import { jobs, may, refresh } from './store';
import type { Job } from './types';

function why(problem: Record<string, unknown>): string {
  const text = (name: string) => (typeof problem[name] === 'string' ? (problem[name] as string) : '');
  return pick({ mn: text('text_mn') || text('detail_mn'), en: text('text_en') || text('detail_en') }) || text('detail');
}

function Progress({ job }: { job: Job }) {
  const { stage, done, total } = job.progress;
  const told = total > 0 ? t('job.units', { done, total }) : '';
  const label = `${stage === '' ? '' : word('stage', stage)} ${told}`.trim();
  const name = label || word('jobstate', job.state);
  return (
    <div class="progress">
      {/* The end is told by the state, never by the bar. */}
      {total > 1 ? (
        <progress max={total} value={Math.min(done, total - 0.01 * total)} aria-label={name} />
      ) : (
        <progress aria-label={name} />
      )}
      {label !== '' && <span class="small">{label}</span>}
    </div>
  );
}

function Item({ job }: { job: Job }) {
  const { running, problem, run } = useAction();
  const act = (what: () => Promise<unknown>) =>
    void run(async () => {
      await what();
      await refresh();
    });
  const result = job.result ?? undefined;
  return (
    <li class="item" id={`job-${job.id}`}>
      <div class="head">
        <strong>{word('job', job.kind)}</strong>
        <span class={`state ${job.state}`}>{word('jobstate', job.state)}</span>
        <span class="small">
          {time(job.created_at)}
          {job.attempts > 1 && ` · ${t('job.attempts', { count: job.attempts })}`}
        </span>
      </div>
      {busy(job) && <Progress job={job} />}
      {job.problem && (
        <div class="problem">
          {why(job.problem)} <code>{String(job.problem.code ?? '')}</code>
        </div>
      )}
      {result?.statuses !== undefined && <Statuses counts={result.statuses} />}
      {result?.assessment !== undefined && (
        <p class="small">
          {t('assessment')} <a href={`#assessment=${result.assessment}`}>{<Short digest={result.assessment} />}</a>
          {result.cycle !== undefined && ` · ${t('cycle')} ${result.cycle}`}
          {result.findings !== undefined && ` · ${t('job.findings', { count: result.findings })}`}
        </p>
      )}
      <Trouble problem={problem} />
      <p class="actions">
        {job.links.files.map((file) => (
          <button key={file} type="button" onClick={() => act(() => download(file))}>
            {t('download')} {decodeURIComponent(file.split('/').pop() ?? '')}
          </button>
        ))}
        {busy(job) && may('assess') && (
          <Sure
            label={t('cancel')}
            question={t('job.cancel_sure')}
            disabled={running}
            act={() => act(() => remove(`/v1/jobs/${job.id}`))}
          />
        )}
        {(job.state === 'failed' || job.state === 'dismissed') && may('assess') && (
          <button type="button" disabled={running} onClick={() => act(() => post(`/v1/jobs/${job.id}/resume`))}>
            {t('resume')}
          </button>
        )}
      </p>
    </li>
  );
}

export function Jobs() {
  const all = jobs.value;
  const shown = all?.filter((j) => j.kind !== 'inspect' || j.state === 'failed');
  return (
    <section aria-labelledby="jobs-title">
      <h2 id="jobs-title">{t('jobs.title')}</h2>
      {shown === undefined && <p>{t('loading')}</p>}
      {shown?.length === 0 && <p class="small">{t('jobs.none')}</p>}
      <ul class="items">
        {shown?.slice(0, 20).map((job) => (
          <Item key={job.id} job={job} />
        ))}
      </ul>
      {(shown?.length ?? 0) > 20 && <p class="small">{t('jobs.older', { count: num((shown?.length ?? 0) - 20) })}</p>}
    </section>
  );
}
