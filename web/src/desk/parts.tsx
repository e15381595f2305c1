import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asProblem, get, type Problem } from './api';
import { num, t, word } from './i18n';

export const MARKS: Record<string, string> = {
  verified_improving: '▲',
  verified_maintained: '■',
  not_verified: '▼',
  insufficient_evidence: '?',
};
export const STATUSES = Object.keys(MARKS);

export function Trouble({ problem }: { problem: Problem | undefined }) {
  if (problem === undefined) return null;
  return (
    <div class="problem" role="alert">
      {problem.title !== '' && <strong>{problem.title}. </strong>}
      {problem.message} <code>{problem.code}</code>
      {problem.request !== '' && (
        <>
          {' '}
          <span class="small">{problem.request}</span>
        </>
      )}
    </div>
  );
}

/** A part of the page that could not be had; the rest stands. */
export function Lost({ what, problem }: { what: string; problem: Problem }) {
  return (
    <section>
      <h3>{what}</h3>
      {problem.status === 404 ? <p class="problem">{t('problem.not_here')}</p> : <Trouble problem={problem} />}
    </section>
  );
}

/** Does something that may be refused: while it runs it cannot be asked for again. */
export function useAction(): {
  running: boolean;
  problem: Problem | undefined;
  run: (what: () => Promise<unknown>) => Promise<boolean>;
} {
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const run = async (what: () => Promise<unknown>) => {
    setRunning(true);
    setProblem(undefined);
    try {
      await what();
      return true;
    } catch (error) {
      setProblem(asProblem(error));
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { running, problem, run };
}

/** What an address answers; of an address that changes the last answer stays until the next is there. */
export function useAnswer<T>(address: string): { found: T | undefined; failed: Problem | undefined } {
  const [found, setFound] = useState<T | undefined>(undefined);
  const [failed, setFailed] = useState<Problem | undefined>(undefined);
  useEffect(() => {
    let wanted = true;
    get<T>(address).then(
      (answer) => {
        if (!wanted) return;
        setFound(answer);
        setFailed(undefined);
      },
      (error: unknown) => {
        if (wanted) setFailed(asProblem(error));
      },
    );
    return () => {
      wanted = false;
    };
  }, [address]);
  return { found, failed };
}

/** A button that asks once more before it does what cannot be undone. */
export function Sure(props: { label: string; question: string; disabled?: boolean; act: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" disabled={props.disabled ?? false} onClick={() => setAsked(true)}>
        {props.label}
      </button>
    );
  }
  return (
    <span class="sure">
      {props.question}{' '}
      <span class="nowrap">
        <button
          type="button"
          class="main"
          onClick={() => {
            setAsked(false);
            props.act();
          }}
        >
          {t('yes')}
        </button>{' '}
        <button type="button" onClick={() => setAsked(false)}>
          {t('no')}
        </button>
      </span>
    </span>
  );
}

export function Field(props: { label: string; hint?: string; needed?: boolean; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child.
    <label class={props.needed === true ? 'field needed' : 'field'}>
      <span>
        {props.label}
        {props.needed === true && <em> {t('needed')}</em>}
      </span>
      {props.children}
      {props.hint !== undefined && <small>{props.hint}</small>}
    </label>
  );
}

/** Names and values; those named in `long` have a line of their own. */
export function Facts({ rows, long = [] }: { rows: [string, ComponentChildren][]; long?: string[] }) {
  const told = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (told.length === 0) return null;
  return (
    <dl class="facts">
      {told.map(([name, value]) => (
        <div key={name} class={long.includes(name) ? 'long' : ''}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A table that scrolls in its own frame. */
export function Frame({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

export function Statuses({ counts }: { counts: Record<string, number> }) {
  const known = STATUSES.filter((code) => (counts[code] ?? 0) > 0);
  return (
    <ul class="counts">
      {known.map((code) => (
        <li key={code} class={code}>
          <span aria-hidden="true">{MARKS[code]}</span> {word('status', code)}: {num(counts[code] ?? 0)}
        </li>
      ))}
    </ul>
  );
}

/** The first letters of a digest; the whole of it is in the title. */
export function Short({ digest }: { digest: string }) {
  return <code title={digest}>{digest.replace(/^sha256:/, '').slice(0, 12)}</code>;
}
