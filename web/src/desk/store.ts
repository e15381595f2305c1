import { batch, signal } from '@preact/signals';
import { asProblem, forgetKey, get, keepKey, Problem, storedKey } from './api';
import { busy, Follower } from './events';
import type { AssessmentSummary, Assessments, Draft, Drafts, Job, Jobs, Limits, Me } from './types';

const SOON = 1500;
const LATER = 20_000;
const MOST = 50;

export const me = signal<Me | undefined>(undefined);
export const limits = signal<Limits | undefined>(undefined);
export const drafts = signal<Draft[] | undefined>(undefined);
export const jobs = signal<Job[] | undefined>(undefined);
export const assessments = signal<AssessmentSummary[] | undefined>(undefined);
/** Why the lists may be old. */
export const trouble = signal<Problem | undefined>(undefined);

let timer: ReturnType<typeof setTimeout> | undefined;
let reading = false;
let again = false;
const follower = new Follower(hear, arm);

export function may(action: string): boolean {
  return me.value?.actions.includes(action) ?? false;
}

export function givenUp(draft: Draft): boolean {
  return draft.state === 'discarded' || draft.state === 'expired';
}

export async function signIn(key: string): Promise<void> {
  keepKey(key);
  try {
    const found = await get<Me>('/v1/me');
    if (found.role === 'public') throw new Problem('', '', 'key_unknown', 401);
    me.value = found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) forgetKey();
    throw error;
  }
  void get<Limits>('/v1/limits').then(
    (found) => {
      limits.value = found;
    },
    () => undefined,
  );
  await refresh();
}

export function signOut(): void {
  forgetKey();
  clearTimeout(timer);
  follower.stop();
  batch(() => {
    me.value = undefined;
    drafts.value = undefined;
    jobs.value = undefined;
    assessments.value = undefined;
    trouble.value = undefined;
  });
}

/** What the service tells of a job. Its end changes more than the job. */
function hear(job: Job): void {
  jobs.value = jobs.value?.map((known) => (known.id === job.id ? job : known));
  if (!busy(job)) void refresh();
}

/** When to ask again: soon while something is under way of which the service does not tell by itself. */
function arm(): void {
  clearTimeout(timer);
  if (document.hidden || me.value === undefined) return;
  const untold =
    jobs.value?.some((job) => busy(job) && !follower.hears(job.id)) === true ||
    drafts.value?.some((draft) => draft.state === 'inspecting' && !follower.hears(draft.job?.id)) === true;
  timer = setTimeout(refresh, untold ? SOON : LATER);
}

/** Reads everything anew; the service is the only memory. */
export async function refresh(): Promise<void> {
  clearTimeout(timer);
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const [d, j, a] = await Promise.all([
      get<Drafts>(`/v1/drafts?limit=${MOST}`),
      get<Jobs>(`/v1/jobs?limit=${MOST}`),
      get<Assessments>('/v1/assessments?limit=200'),
    ]);
    batch(() => {
      drafts.value = d.drafts;
      jobs.value = j.jobs;
      assessments.value = [...a.assessments].reverse();
      trouble.value = undefined;
    });
  } catch (error) {
    trouble.value = asProblem(error);
  } finally {
    reading = false;
  }
  if (storedKey() === null || me.value === undefined) return;
  if (again) {
    again = false;
    await refresh();
    return;
  }
  if (!document.hidden) follower.follow(jobs.value ?? []);
  arm();
}

document.addEventListener('visibilitychange', () => {
  if (me.value === undefined) return;
  if (document.hidden) {
    follower.stop();
    arm();
  } else void refresh();
});
window.addEventListener('online', () => {
  if (me.value !== undefined) void refresh();
});
