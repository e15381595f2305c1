import { signal } from '@preact/signals';
import { DetailedError, Upload } from 'tus-js-client';
import { headers, noAnswer, type Problem, problemOf } from './api';
import { refresh } from './store';

const MIB = 1024 * 1024;

export type TransferState = 'sending' | 'paused' | 'broken' | 'done';

export interface Transfer {
  id: number;
  name: string;
  size: number;
  /** Bytes that the service has for good. */
  held: number;
  /** Bytes on their way or held. */
  sent: number;
  state: TransferState;
  /** Went on from what an earlier visit had sent. */
  resumed: boolean;
  problem?: Problem;
  /** The draft it became. */
  draft?: string;
}

export const transfers = signal<Transfer[]>([]);

const running = new Map<number, Upload>();
let next = 1;

function change(id: number, what: Partial<Transfer>): void {
  transfers.value = transfers.value.map((tr) => (tr.id === id ? { ...tr, ...what } : tr));
}

/** Small pieces on a poor line: less is sent twice when it breaks. */
function chunkSize(): number {
  const line = (navigator as { connection?: { downlink?: number } }).connection?.downlink;
  return line === undefined ? 4 * MIB : line < 1 ? MIB : line < 5 ? 4 * MIB : 8 * MIB;
}

function problem(error: Error): Problem {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  return answer ? problemOf(answer.getStatus(), answer.getBody()) : noAnswer();
}

export async function send(file: File): Promise<void> {
  const id = next;
  next += 1;
  const upload = new Upload(file, {
    endpoint: '/uploads',
    chunkSize: chunkSize(),
    retryDelays: [1000, 3000, 8000, 20_000],
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name },
    headers: headers(),
    onUploadUrlAvailable: () => {
      const draft = upload.url?.split('/').pop();
      if (draft !== undefined) change(id, { draft });
    },
    onProgress: (sent) => change(id, { sent }),
    // What the service holds is what it says itself, also of an upload that goes on.
    onAfterResponse: (request, response) => {
      const held = Number(response.getHeader('Upload-Offset') ?? Number.NaN);
      if (Number.isNaN(held)) return;
      change(id, request.getMethod() === 'HEAD' && held > 0 ? { held, resumed: true } : { held });
    },
    onError: (error) => change(id, { state: 'broken', problem: problem(error) }),
    onSuccess: () => {
      running.delete(id);
      change(id, { state: 'done', held: file.size, sent: file.size });
      void refresh();
    },
  });
  running.set(id, upload);
  const begun: Transfer = { id, name: file.name, size: file.size, held: 0, sent: 0, state: 'sending', resumed: false };
  transfers.value = [begun, ...transfers.value];
  const earlier = await upload.findPreviousUploads();
  const latest = earlier.sort((a, b) => b.creationTime.localeCompare(a.creationTime))[0];
  if (latest !== undefined) upload.resumeFromPreviousUpload(latest);
  upload.start();
}

export async function pause(id: number): Promise<void> {
  await running.get(id)?.abort();
  change(id, { state: 'paused' });
}

export function goOn(id: number): void {
  const { problem: _gone, ...rest } = transfers.value.find((tr) => tr.id === id) ?? ({} as Transfer);
  transfers.value = transfers.value.map((tr) => (tr.id === id ? { ...rest, state: 'sending' } : tr));
  running.get(id)?.start();
}

/** Gives an upload up; the service forgets what it has. */
export async function drop(id: number): Promise<void> {
  const upload = running.get(id);
  running.delete(id);
  transfers.value = transfers.value.filter((tr) => tr.id !== id);
  try {
    await upload?.abort(true);
  } catch {
    // It was not begun, or is gone already.
  }
  void refresh();
}

window.addEventListener('beforeunload', (event) => {
  if (transfers.value.some((tr) => tr.state === 'sending')) event.preventDefault();
});
