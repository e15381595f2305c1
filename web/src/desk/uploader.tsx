import { useRef, useState } from 'preact/hooks';
import { bytes, num, pick, t } from './i18n';
import { Sure, Trouble } from './parts';
import { drafts, givenUp, limits } from './store';
import { drop, goOn, pause, send, type Transfer, transfers } from './upload';

function Row({ transfer: tr }: { transfer: Transfer }) {
  // Never all of it before the service has said so.
  const share = tr.state === 'done' ? 100 : Math.min(99, Math.floor((tr.sent / Math.max(tr.size, 1)) * 100));
  return (
    <li class={`item ${tr.state}`}>
      <div class="head">
        <strong>{tr.name}</strong>
        <span>
          {tr.state === 'done'
            ? t('upload.done', { size: bytes(tr.size) })
            : t('upload.sent', { sent: bytes(tr.sent), size: bytes(tr.size), held: bytes(tr.held) })}
        </span>
      </div>
      <progress max={100} value={share} aria-label={tr.name} />
      {tr.resumed && tr.state !== 'done' && <p class="small resumed">{t('upload.resumed')}</p>}
      {tr.state === 'paused' && <p class="small">{t('upload.paused')}</p>}
      <Trouble problem={tr.problem} />
      <p class="actions">
        {tr.state === 'sending' && (
          <button type="button" onClick={() => void pause(tr.id)}>
            {t('upload.pause')}
          </button>
        )}
        {(tr.state === 'paused' || tr.state === 'broken') && (
          <button type="button" onClick={() => goOn(tr.id)}>
            {t('resume')}
          </button>
        )}
        {tr.state === 'done' && tr.draft !== undefined && <a href={`#draft=${tr.draft}`}>{t('upload.open')}</a>}
        {tr.state !== 'done' && (
          <Sure label={t('cancel')} question={t('upload.cancel_sure')} act={() => void drop(tr.id)} />
        )}
      </p>
    </li>
  );
}

export function Uploader() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState<string[]>([]);
  const limit = limits.value;
  // What became of a file that was given up since is no longer to be opened.
  const given: Set<string | undefined> = new Set(drafts.value?.filter(givenUp).map((draft) => draft.id));
  const take = (files: FileList | null | undefined) => {
    const list = [...(files ?? [])];
    const most = limit?.upload_bytes_max ?? Number.POSITIVE_INFINITY;
    setTooLarge(list.filter((f) => f.size > most).map((f) => `${f.name} (${bytes(f.size)})`));
    for (const file of list) if (file.size <= most) void send(file);
    if (input.current !== null) input.current.value = '';
  };
  return (
    <section aria-labelledby="upload-title">
      <h2 id="upload-title">{t('upload.title')}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard. */}
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files);
        }}
      >
        <input
          ref={input}
          id="file"
          type="file"
          multiple
          class="off-screen"
          tabIndex={-1}
          aria-label={t('upload.choose')}
          onChange={(event) => take(event.currentTarget.files)}
        />
        <button type="button" class="main" onClick={() => input.current?.click()}>
          {t('upload.choose')}
        </button>
        <span>{t('upload.drag')}</span>
        {limit !== undefined && (
          <div class="small limits">
            <p>
              {t('limits.text', {
                file: bytes(limit.upload_bytes_max),
                quota: bytes(limit.upload_quota_bytes),
                count: num(limit.uploads_max),
                days: num(limit.upload_days),
              })}
            </p>
            <p>
              {t('limits.formats')} {limit.formats.map(pick).join('; ')}
            </p>
          </div>
        )}
      </div>
      {tooLarge.length > 0 && limit !== undefined && (
        <div class="problem" role="alert">
          {t('upload.too_large', { files: tooLarge.join(', '), most: bytes(limit.upload_bytes_max) })}
        </div>
      )}
      <ul class="items" aria-live="polite">
        {transfers.value
          .filter((tr) => !given.has(tr.draft))
          .map((tr) => (
            <Row key={tr.id} transfer={tr} />
          ))}
      </ul>
    </section>
  );
}
