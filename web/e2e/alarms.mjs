// The alarms of the walk ring when there is cause.
import { base, check, NO_GL, open, step } from './browser.mjs';

// Another origin that is this machine, lest a failure reach anybody; nothing listens there.
const ELSEWHERE = 'http://127.0.0.1:9/elsewhere';

const misbehave = (address) => {
  const script = document.createElement('script');
  script.textContent = 'window.ran = true';
  document.body.append(script);
  return fetch(address).then(
    () => 'answered',
    () => (window.ran === true ? 'the script ran' : 'nothing'),
  );
};

async function alarmsOf(options) {
  const alarms = [];
  const { browser, page } = await open(NO_GL, options, (alarm) => alarms.push(alarm));
  await page.goto(`${base}/docs?lang=en`);
  check(alarms.length === 0, `rang without cause: ${alarms}`);
  const came = await page.evaluate(misbehave, ELSEWHERE);
  await browser.close();
  return { alarms: alarms.join('\n'), came };
}

export async function alarms() {
  await step('the policy blocks what it must, and its alarm rings', async () => {
    const { alarms: rang, came } = await alarmsOf({});
    check(came === 'nothing', `not blocked: ${came}`);
    check(/CSP: .*inline script/i.test(rang), `no alarm for an inline script: ${rang}`);
    check(/CSP: .*elsewhere/i.test(rang), `no alarm for a foreign address: ${rang}`);
  });
  await step('the alarm of foreign requests rings', async () => {
    // Without the policy the request is made.
    const { alarms: rang, came } = await alarmsOf({ bypassCSP: true });
    check(came === 'the script ran', `the policy was not out of the way: ${came}`);
    check(/foreign request: .*elsewhere/.test(rang), `no alarm: ${rang}`);
  });
}
