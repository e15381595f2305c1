import { batch, signal } from '@preact/signals';
import { asProblem, forgetKey, get, keepKey, Problem, storedKey } from './api';
import type { AssessmentSummary, Draft, Job, Limits, Me } from './types';

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

export function may(action: string): boolean {
  return me.value?.actions.includes(action) ?? false;
}

export function busy(job: Job | null | undefined): boolean {
  return job?.state === 'accepted' || job?.state === 'running';
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
  batch(() => {
    me.value = undefined;
    drafts.value = undefined;
    jobs.value = undefined;
    assessments.value = undefined;
    trouble.value = undefined;
  });
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
      get<{ drafts: Draft[] }>(`/v1/drafts?limit=${MOST}`),
      get<{ jobs: Job[] }>(`/v1/jobs?limit=${MOST}`),
      get<{ assessments: AssessmentSummary[] }>('/v1/assessments?limit=200'),
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
  const underWay = jobs.value?.some(busy) === true || drafts.value?.some((d) => d.state === 'inspecting') === true;
  if (!document.hidden) timer = setTimeout(refresh, underWay ? SOON : LATER);
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && me.value !== undefined) void refresh();
});
window.addEventListener('online', () => {
  if (me.value !== undefined) void refresh();
});
