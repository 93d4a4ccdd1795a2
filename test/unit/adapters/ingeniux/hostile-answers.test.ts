import { expect, onTestFinished, test } from 'vitest';
import { createIngeniux } from '../../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../../src/adapters/outbound/node/clock.ts';
import { type ScriptedAnswer, startScriptedCms } from './scripted-cms.ts';

const json = 'application/json; charset=utf-8';
const freeze = { StartTime: null, EndTime: null, AllowMe: true, Message: 'all day' };

/** A CMS whose first answers are these; from then on it tells of its freeze. */
async function open(timeoutMs: number, ...answers: readonly ScriptedAnswer[]) {
  const left = [...answers];
  const cms = await startScriptedCms(({ path }) =>
    path.startsWith('/api/v1/') ? (left.shift() ?? { json: freeze }) : undefined,
  );
  const clock = createClock();
  const cache = createMemoryCache({ maxSize: 10, clock });
  const connector = createIngeniux({
    baseUrl: cms.siteRoot,
    clientId: 'c',
    clientSecret: 's',
    timeoutMs,
    retriesMax: 0,
    cache,
    cacheTtlSeconds: 0,
    clock,
  });
  onTestFinished(async () => {
    await connector.close();
    await cache.close();
    await cms.close();
  });
  const { signal } = new AbortController();
  return () =>
    connector.as({ subject: 's', clientId: 'c', scopes: [] }, { signal, allowStale: false }).site.contentFreeze();
}

const cut = JSON.stringify(freeze).slice(0, 20);
const huge = `"${'x'.repeat(17 * 1_048_576)}"`;

test.each<[string, ScriptedAnswer, string]>([
  ['is larger than anything that makes sense', { text: huge, type: json }, 'TOO_LARGE'],
  ['never ends', 'drip', 'CMS_TIMEOUT'],
  ['never begins', 'silence', 'CMS_TIMEOUT'],
  ['is cut in the middle of its JSON', { text: cut, type: json }, 'CMS_UNEXPECTED'],
  ['is shorter than it says', { text: cut, type: json, headers: { 'content-length': '500' } }, 'CMS_TIMEOUT'],
  ['is nested a hundred thousand deep', { text: '['.repeat(100_000), type: json }, 'CMS_UNEXPECTED'],
  ['is no JSON at all', { text: 'OK', type: 'text/plain' }, 'CMS_UNEXPECTED'],
])('an answer that %s is told as such, four times over, and the next call is served', async (_what, answer, code) => {
  const ask = await open(code === 'CMS_TIMEOUT' ? 500 : 15_000, answer, answer, answer, answer);
  const refusals = await Promise.all(
    Array.from({ length: 4 }, () =>
      ask().then(
        () => 'answered',
        (error: { code: string }) => error.code,
      ),
    ),
  );
  expect(refusals).toEqual([code, code, code, code]);
  // All four connections were in use: none may be lost to what came over it.
  expect(await ask()).toMatchObject({ message: 'all day' });
});

test('a byte order mark before the JSON is no part of it', async () => {
  const ask = await open(15_000, { text: `\u{FEFF}${JSON.stringify(freeze)}`, type: json });
  expect(await ask()).toMatchObject({ message: 'all day' });
});
