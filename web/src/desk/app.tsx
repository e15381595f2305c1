import { useEffect, useState } from 'preact/hooks';
import { storedKey } from './api';
import { AssessForm, Assessments } from './assess';
import { DraftItem } from './draft';
import { t, time, word } from './i18n';
import { Jobs } from './jobs';
import { Field, Trouble, useAction } from './parts';
import { drafts, givenUp, may, me, signIn, signOut, trouble } from './store';
import { transfers } from './upload';
import { Uploader } from './uploader';

function SignIn({ first }: { first: string | null }) {
  const [key, setKey] = useState('');
  const { running, problem, run } = useAction();
  useEffect(() => {
    if (first !== null) void run(() => signIn(first));
  }, []);
  return (
    <form
      id="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => signIn(key.trim()));
      }}
    >
      <p>{t('sign.why')}</p>
      <Field label={t('sign.key')} hint={t('sign.kept')}>
        <input
          name="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </Field>
      {problem?.status === 401 ? (
        <div class="problem" role="alert">
          {t('sign.unknown')}
        </div>
      ) : (
        <Trouble problem={problem} />
      )}
      <p class="actions">
        <button type="submit" class="main" disabled={running}>
          {t('sign.in')}
        </button>
      </p>
    </form>
  );
}

function fromHash(name: string): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined;
}

function Drafts({ open, toggle }: { open: string | undefined; toggle: (id: string) => void }) {
  // What is being sent from here stands above already.
  const here = new Set(transfers.value.filter((tr) => tr.state !== 'done').map((tr) => tr.draft));
  const all = drafts.value?.filter((d) => !givenUp(d) && !(d.state === 'receiving' && here.has(d.id)));
  return (
    <section aria-labelledby="drafts-title">
      <h2 id="drafts-title">{t('drafts.title')}</h2>
      {all === undefined && <p>{t('loading')}</p>}
      {all?.length === 0 && <p class="small">{t('drafts.none')}</p>}
      <ul class="items">
        {all?.map((draft) => (
          <DraftItem key={draft.id} draft={draft} open={open === draft.id} toggle={() => toggle(draft.id)} />
        ))}
      </ul>
    </section>
  );
}

/** What is open is told by the address, so that a reload opens it again. */
function Work() {
  const [draft, setDraft] = useState(fromHash('draft'));
  const [assessment, setAssessment] = useState(fromHash('assessment'));
  useEffect(() => {
    const look = () => {
      setDraft(fromHash('draft'));
      setAssessment(fromHash('assessment'));
      const [name, id] = location.hash.slice(1).split('=');
      if (id) setTimeout(() => document.getElementById(`${name}-${id}`)?.scrollIntoView({ block: 'start' }), 50);
    };
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  // The other language opens the same.
  useEffect(() => {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) link.hash = location.hash;
  }, [draft, assessment]);
  const toggle = (name: 'draft' | 'assessment', id: string) => {
    const hash = fromHash(name) === id ? ' ' : `#${name}=${id}`;
    history.replaceState(history.state, '', hash === ' ' ? location.pathname + location.search : hash);
    setDraft(fromHash('draft'));
    setAssessment(fromHash('assessment'));
  };
  return (
    <>
      {may('upload') && <Uploader />}
      <Drafts open={draft} toggle={(id) => toggle('draft', id)} />
      {may('assess') && <AssessForm />}
      <Jobs />
      <Assessments open={assessment} toggle={(id) => toggle('assessment', id)} />
    </>
  );
}

export function Desk({ titled }: { titled: boolean }) {
  const who = me.value;
  return (
    <>
      {!titled && <h1>{t('desk.title')}</h1>}
      {who === undefined ? (
        <SignIn first={storedKey()} />
      ) : (
        <>
          <p class="who">
            <span>
              {t('sign.as')} <strong>{word('role', who.role)}</strong> <code>{who.id}</code>
              {who.expires_at ? <span class="small"> · {t('sign.until', { at: time(who.expires_at) })}</span> : null}
            </span>
            <button type="button" onClick={signOut}>
              {t('sign.out')}
            </button>
          </p>
          <Trouble problem={trouble.value} />
          <Work />
        </>
      )}
    </>
  );
}
