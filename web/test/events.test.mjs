import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as longerThanRetry } from 'node:timers/promises';
import { runnerImport } from 'vite';

globalThis.document = { documentElement: { lang: 'mn' } };
globalThis.sessionStorage = { getItem: () => 'soum_test' };
const root = new URL('..', import.meta.url).pathname;
const load = async (name) => (await runnerImport(name, { root, configFile: false, logLevel: 'error' })).module;
const { Follower } = await load('./src/desk/events.ts');

const job = (state, done = 0, id = 'j1') => ({ id, state, progress: { done }, links: { events: `/${id}/events` } });
const event = (told) => `retry: 20\nevent: job\ndata: ${JSON.stringify(told)}\n\n`;

let answer;
let asked;
const server = createServer((request, response) => {
  asked.push(request);
  answer(response, asked.length);
});
const tell = (response) => response.writeHead(200, { 'Content-Type': 'text/event-stream' });

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  globalThis.location = { href: `http://127.0.0.1:${server.address().port}/desk` };
});
beforeEach(() => {
  asked = [];
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** A follower, and a wait until what it was told or how it stands fulfils a condition. */
function watch() {
  const told = [];
  const waits = new Set();
  const look = () => {
    for (const wait of waits) wait();
  };
  const follower = new Follower((known) => {
    told.push(known);
    look();
  }, look);
  const until = (truth) =>
    new Promise((resolve) => {
      const wait = () => {
        if (!truth()) return;
        waits.delete(wait);
        resolve();
      };
      waits.add(wait);
      wait();
    });
  return { follower, told, until };
}

test('a job is followed to its end with the key, and no further', async () => {
  answer = (response) =>
    tell(response).end(event(job('running', 1)) + event(job('running', 2)) + event(job('successful')));
  const { follower, told, until } = watch();
  follower.follow([job('accepted')]);
  await until(() => told.length === 3);
  assert.deepEqual(
    told.map((known) => known.state),
    ['running', 'running', 'successful'],
  );
  assert.equal(asked[0].headers.authorization, 'Bearer soum_test');
  assert.equal(follower.hears('j1'), false);
  await longerThanRetry(100);
  assert.equal(asked.length, 1);
});

test('a line that breaks is told of, and taken up again', async () => {
  answer = (response, times) => {
    tell(response).write(event(job('running', times)));
    if (times === 1) setTimeout(() => response.destroy(), 20);
  };
  const { follower, told, until } = watch();
  follower.follow([job('running')]);
  await until(() => follower.hears('j1'));
  await until(() => !follower.hears('j1'));
  await until(() => follower.hears('j1'));
  assert.deepEqual(
    told.map((known) => known.progress.done),
    [1, 2],
  );
  follower.stop();
  assert.equal(follower.hears('j1'), false);
});

test('a service that does not tell is not heard', async () => {
  let refused;
  const done = new Promise((resolve) => {
    refused = resolve;
  });
  answer = (response) => response.writeHead(503).end('', refused);
  const { follower, told } = watch();
  follower.follow([job('running')]);
  await done;
  await longerThanRetry(100);
  follower.follow([job('running')]);
  assert.equal(follower.hears('j1'), false);
  assert.deepEqual([told.length, asked.length], [0, 1]);
  follower.stop();
});

test('few are followed, those under way first', (context) => {
  answer = (response) => tell(response).write(': here\n\n');
  const fetched = context.mock.method(globalThis, 'fetch');
  const { follower } = watch();
  const many = [1, 2, 3, 4, 5].map((n) => job(n < 4 ? 'accepted' : 'running', 0, `j${n}`));
  follower.follow([...many, job('failed', 0, 'j6')]);
  const paths = fetched.mock.calls.map((call) => call.arguments[0].pathname);
  assert.deepEqual(paths, ['/j4/events', '/j5/events', '/j1/events']);
  follower.follow([many[0], many[1]]);
  assert.equal(fetched.mock.calls.at(-1).arguments[0].pathname, '/j2/events');
  assert.equal(fetched.mock.callCount(), 4);
  follower.stop();
});
