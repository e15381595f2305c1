// Walks through the service as its users do: npm run e2e -- BASE_URL [KEY]
// E2E_OUT: folder for screenshots. Without a key the desk is only looked at from outside.
import { alarms } from './alarms.mjs';
import { finish, key } from './browser.mjs';
import { country } from './country.mjs';
import { deskFromOutside, deskWork } from './desk.mjs';
import { withoutWebGl } from './plain.mjs';
import { soum } from './soum.mjs';

async function reader() {
  await alarms();
  await country();
  await soum();
  await withoutWebGl();
}

async function analyst() {
  await deskFromOutside();
  if (key === undefined) return;
  await deskWork('mn', 2031);
  await deskWork('en', 2032);
}

// At the same time, as in life: the desk mostly waits for its line, the map for the processor.
await Promise.all([reader(), analyst()]);
finish();
