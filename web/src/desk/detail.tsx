import { post } from './api';
import { t } from './i18n';
import { AllNoticed } from './noticed';
import { Facts, Frame, Short, Statuses, Sure, Trouble, useAction, useAnswer } from './parts';
import { may, refresh } from './store';
import type { Assessment, AssessmentSummary } from './types';
import { Verdicts } from './verdicts';

/** An assessment that is opened: what it says, of what, and what can be done with it. */
export function Detail({ summary }: { summary: AssessmentSummary }) {
  const address = `/v1/assessments/${summary.id}`;
  const { found, failed } = useAnswer<Assessment>(address);
  const { running, problem, run } = useAction();
  const act = (what: () => Promise<unknown>) =>
    void run(async () => {
      await what();
      await refresh();
    });
  return (
    <>
      <Trouble problem={failed} />
      {found !== undefined && (
        <>
          <Statuses counts={found.statuses} />
          <Facts
            long={[t('assess.methods'), t('assess.digest')]}
            rows={[
              [t('assess.baseline'), `${found.baseline.first}–${found.baseline.last}`],
              [t('assess.reporting'), `${found.reporting.first}–${found.reporting.last}`],
              [t('assess.scheme'), found.scheme],
              [t('assess.seed'), String(found.seed)],
              [t('assess.methods'), found.methods.join(', ')],
              [t('assess.digest'), <code key="id">{found.id}</code>],
            ]}
          />
          <details>
            <summary>{t('assess.inputs', { count: found.inputs.length })}</summary>
            <Frame label={t('assess.inputs', { count: found.inputs.length })}>
              <table>
                <tbody>
                  {found.inputs.map((input) => (
                    <tr key={input.kind + input.digest}>
                      <td>{input.kind}</td>
                      <td>{input.name}</td>
                      <td>
                        <a href={input.href}>
                          <Short digest={input.digest} />
                        </a>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Frame>
          </details>
          <Verdicts assessment={address} />
          <AllNoticed assessment={address} />
        </>
      )}
      <Trouble problem={problem} />
      <p class="actions">
        {may('assess') && (
          <button type="button" disabled={running} onClick={() => act(() => post(`${address}/export`))}>
            {t('assess.export')}
          </button>
        )}
        {may('publish') && !summary.published.includes(summary.cycle) && (
          <Sure
            label={t('assess.publish')}
            question={t('assess.publish_sure', { cycle: summary.cycle })}
            disabled={running}
            act={() => act(() => post(`${address}/publish`, { cycle: null }))}
          />
        )}
        {may('publish') && summary.published.length > 0 && (
          <Sure
            label={t('assess.withdraw')}
            question={t('assess.withdraw_sure')}
            disabled={running}
            act={() => act(() => post(`${address}/withdraw`))}
          />
        )}
      </p>
    </>
  );
}
