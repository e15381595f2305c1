// What busy jobs do, as the service tells it.
import { EventSource } from 'eventsource';
import { headers } from './api';
import type { Job } from './types';

/** A browser opens six connections to a service at most, and every job that is followed keeps one. */
const MOST = 3;

export function busy(job: Job | null | undefined): boolean {
  return job?.state === 'accepted' || job?.state === 'running';
}

/** The browser's own source of events cannot send the key. A line that breaks is taken up again. */
function open(address: string): EventSource {
  return new EventSource(new URL(address, location.href), {
    fetch: (address, init) => fetch(address, { ...init, headers: { ...init.headers, ...headers() } }),
  });
}

/** Follows jobs until they end: what is told of them goes to `tell`; `changed` when others must be asked for than before. */
export class Follower {
  private readonly sources = new Map<string, EventSource>();
  private readonly heard = new Set<string>();
  private readonly tell: (job: Job) => void;
  private readonly changed: () => void;

  constructor(tell: (job: Job) => void, changed: () => void) {
    this.tell = tell;
    this.changed = changed;
  }

  /** Of these jobs as many as may be, those under way first; others are left. */
  follow(jobs: Job[]): void {
    const waiting = (job: Job) => Number(job.state !== 'running');
    const chosen = jobs.filter(busy).sort((a, b) => waiting(a) - waiting(b));
    const wanted = new Map(chosen.slice(0, MOST).map((job) => [job.id, job]));
    for (const id of this.sources.keys()) if (!wanted.has(id)) this.leave(id);
    for (const [id, job] of wanted) if (!this.sources.has(id)) this.begin(job);
  }

  /** Whether the service tells of this job; if not, it must be asked. */
  hears(id: string | undefined): boolean {
    return id !== undefined && this.heard.has(id);
  }

  stop(): void {
    for (const id of this.sources.keys()) this.leave(id);
  }

  private begin({ id, links }: Job): void {
    const source = open(links.events);
    this.sources.set(id, source);
    source.addEventListener('job', (event) => {
      const job = JSON.parse(event.data) as Job;
      // An ended job has nothing more to tell; the line is not taken up again.
      if (!busy(job)) this.leave(id);
      else this.hear(id);
      this.tell(job);
    });
    source.addEventListener('error', () => {
      if (this.heard.delete(id)) this.changed();
    });
  }

  private hear(id: string): void {
    if (this.heard.has(id)) return;
    this.heard.add(id);
    this.changed();
  }

  private leave(id: string): void {
    this.sources.get(id)?.close();
    this.sources.delete(id);
    this.heard.delete(id);
  }
}
