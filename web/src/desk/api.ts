import { lang, pick, t } from './i18n';
import type { ProblemBody } from './types';

const KEY = 'belcheer.key';

export function storedKey(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepKey(key: string): void {
  sessionStorage.setItem(KEY, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(KEY);
}

export function headers(): Record<string, string> {
  const key = storedKey();
  return { 'Accept-Language': lang, ...(key === null ? {} : { Authorization: `Bearer ${key}` }) };
}

/** A refusal, in the words of the service. */
export class Problem extends Error {
  readonly title: string;
  readonly code: string;
  readonly status: number;
  readonly request: string;

  constructor(title: string, detail: string, code: string, status: number, request = '') {
    super(detail);
    this.title = title;
    this.code = code;
    this.status = status;
    this.request = request;
  }
}

/** What the service said in the body of a refusal; an answer of another kind is told by its status. */
export function problemOf(status: number, body: string): Problem {
  try {
    const said = JSON.parse(body) as Partial<ProblemBody>;
    if (typeof said.code === 'string') {
      const detail = pick({ mn: said.detail_mn ?? '', en: said.detail_en ?? '' }) || said.detail || '';
      return new Problem(said.title ?? '', detail, said.code, status, said.request_id ?? '');
    }
  } catch {
    // Not JSON: a proxy's own page.
  }
  return new Problem(t('problem.http'), t('problem.http_detail', { status: String(status) }), `http_${status}`, status);
}

export function noAnswer(): Problem {
  return new Problem(t('problem.offline'), t('problem.offline_detail'), 'no_answer', 0);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(t('problem.page'), error instanceof Error ? error.message : String(error), 'page_error', 0);
}

/** A name that is never given twice; also where the page did not come by https. */
function token(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return [...random].map((b) => b.toString(16).padStart(2, '0')).join('');
}

// A request that got no answer is sent again under its old name, lest it be done twice.
const unanswered = new Map<string, string>();

async function send(method: string, address: string, body?: unknown): Promise<Response> {
  const told = headers();
  if (address.startsWith('/uploads/')) told['Tus-Resumable'] = '1.0.0';
  const init: RequestInit = { method, headers: told };
  if (body !== undefined) {
    told['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const same = `${address} ${init.body ?? ''}`;
  if (method === 'POST') {
    const name = unanswered.get(same) ?? token();
    unanswered.set(same, name);
    told['Idempotency-Key'] = name;
  }
  let answer: Response;
  try {
    answer = await fetch(address, init);
  } catch {
    throw noAnswer();
  }
  unanswered.delete(same);
  if (!answer.ok) throw problemOf(answer.status, await answer.text());
  return answer;
}

export async function get<T>(address: string): Promise<T> {
  return (await send('GET', address)).json() as Promise<T>;
}

export async function post<T>(address: string, body?: unknown): Promise<T> {
  return (await send('POST', address, body)).json() as Promise<T>;
}

export async function patch<T>(address: string, body: unknown): Promise<T> {
  return (await send('PATCH', address, body)).json() as Promise<T>;
}

export async function remove(address: string): Promise<void> {
  await send('DELETE', address);
}

/** Hands a file out to the reader; a link alone could not send the key. */
export async function download(address: string): Promise<void> {
  const blob = await (await send('GET', address)).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = decodeURIComponent(address.split('/').pop() ?? 'file');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
