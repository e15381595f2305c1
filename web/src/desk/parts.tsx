import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { asProblem, type Problem } from './api';
import { num, t, word } from './i18n';

const MARKS: Record<string, string> = {
  verified_improving: '▲',
  verified_maintained: '■',
  not_verified: '▼',
  insufficient_evidence: '?',
};
const ORDER = Object.keys(MARKS);

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

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  const told = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (told.length === 0) return null;
  return (
    <dl class="facts">
      {told.map(([name, value]) => (
        <div key={name}>
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
  const known = ORDER.filter((code) => (counts[code] ?? 0) > 0);
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
