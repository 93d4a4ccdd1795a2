import { describe, expect, onTestFinished, test } from 'vitest';
import { sandboxLandmarks as pagesById } from '../../../sandbox/seed.ts';
import type { IngeniuxOptions } from '../../../src/adapters/outbound/ingeniux/index.ts';
import type { DomainError } from '../../../src/domain/errors.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { poll } from '../../support/poll.ts';
import { type IngeniuxStage, openIngeniuxStage } from './ingeniux-stage.ts';

const page = pagesById.tuitionPage;
const newPage = { ruleId: 'PageCreationRules/2', parentId: '', name: 'Storm Drill', skipWorkflow: true };

const stageWith = async (options: Partial<IngeniuxOptions> = {}): Promise<IngeniuxStage> => {
  const stage = await openIngeniuxStage({}, options);
  onTestFinished(() => stage.close());
  return stage;
};

const failureOf = async (work: Promise<unknown>): Promise<DomainError> => {
  try {
    await work;
  } catch (error) {
    // The driver's law: whatever it throws is a DomainError. The assertions of the tests look at its properties.
    return error as DomainError;
  }
  throw new Error('The call was expected to fail.');
};

const signIns = (stage: IngeniuxStage) => stage.callsOf('OAuth_Token').length;

describe('credentials', () => {
  test('the first calls at once sign in once', async () => {
    const stage = await stageWith();
    await Promise.all(Array.from({ length: 20 }, () => stage.as().pages.get(page)));
    expect(signIns(stage)).toBe(1);
  });

  test('50 calls that meet a 401 cause one renewal, and all succeed', async () => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    expect(signIns(stage)).toBe(1);
    stage.sandbox.revokeTokens();
    const pages = await Promise.all(Array.from({ length: 50 }, () => stage.as().pages.get(page)));
    expect(pages.every((found) => found?.id === page)).toBe(true);
    expect(signIns(stage)).toBe(2);
    expect(stage.events).toContainEqual({ kind: 'token_renewed', grant: 'refresh_token' });
  });

  test('a token is renewed a minute before its end, without meeting a 401', async () => {
    const clock = createFakeClock();
    const stage = await stageWith({ clock });
    await stage.as().pages.get(page);
    const lifetimeMs = stage.sandbox.knobs.accessTokenLifetimeSeconds * 1000;
    clock.advance(lifetimeMs - 61_000);
    await stage.as().pages.get(page);
    expect(signIns(stage)).toBe(1);
    clock.advance(2_000);
    await stage.as().pages.get(page);
    expect(signIns(stage)).toBe(2);
    expect(stage.callsOf('Pages_GetPage').map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('wrong credentials are CMS_SIGN_IN_FAILED, and the secret is nowhere in it', async () => {
    const stage = await stageWith({ clientSecret: 'wrong-secret-canary' });
    const error = await failureOf(stage.as().pages.get(page));
    expect(error.code).toBe('CMS_SIGN_IN_FAILED');
    expect(JSON.stringify(error) + String(error.stack)).not.toContain('canary');
  });

  test('a login page in place of answers: one renewal, then CMS_SIGN_IN_FAILED', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'html-login-page', match: { operationId: 'Pages_GetPage' } });
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_SIGN_IN_FAILED');
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(2);
    expect(signIns(stage)).toBe(2);
  });

  test('a login page once is a signed-out session: renewed, and the call succeeds', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'html-login-page', match: { operationId: 'Pages_GetPage' }, times: 1 });
    expect((await stage.as().pages.get(page))?.id).toBe(page);
  });

  test('a CMS that is away while signing in is unavailable, not a wrong password', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'status', code: 503, match: { operationId: 'OAuth_Authorize' } });
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_UNAVAILABLE');
  });

  test('a refused write is sent again after a renewal, and done once', async () => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    stage.sandbox.revokeTokens();
    expect((await stage.as().pages.rename(page, 'Tuition and Fees')).name).toBe('Tuition and Fees');
    expect(stage.callsOf('Pages_Rename').map(({ status }) => status)).toEqual([401, 200]);
  });
});

describe('retries', () => {
  test('a 429 is waited out as the CMS asks, also for a write', async () => {
    const stage = await stageWith();
    const before = Object.keys(stage.sandbox.state.pages).length;
    stage.sandbox.faults.add({
      kind: 'too-many-requests',
      retryAfterSeconds: 1,
      match: { operationId: 'Pages_CreatePCRPage' },
      times: 1,
    });
    await stage.as().pages.create(newPage);
    expect(stage.events).toContainEqual({
      kind: 'retry',
      operation: 'Pages_CreatePCRPage',
      attempt: 1,
      waitMs: 1000,
      reason: 'throttled',
    });
    expect(Object.keys(stage.sandbox.state.pages)).toHaveLength(before + 1);
  });

  test('a wait that would pass the deadline is not begun; the caller is told when', async () => {
    const stage = await stageWith({ timeoutMs: 2_000, slowTimeoutMs: 2_000 });
    stage.sandbox.faults.add({
      kind: 'too-many-requests',
      retryAfterSeconds: 50,
      match: { operationId: 'Pages_GetPage' },
    });
    expect(await failureOf(stage.as().pages.get(page))).toMatchObject({
      code: 'CMS_UNAVAILABLE',
      retryAfterSeconds: 50,
    });
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(1);
  });

  test.each(['drop-connection', 'status'] as const)('a read is repeated after a fault of kind %s', async (kind) => {
    const stage = await stageWith({ random: () => 0 });
    stage.sandbox.faults.add({ kind, code: 503, match: { operationId: 'Pages_GetPage' }, times: 2 } as Parameters<
      typeof stage.sandbox.faults.add
    >[0]);
    expect((await stage.as().pages.get(page))?.id).toBe(page);
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(3);
  });

  test('a read is repeated as often as configured, and no more', async () => {
    const stage = await stageWith({ retriesMax: 1, random: () => 0 });
    stage.sandbox.faults.add({ kind: 'drop-connection', match: { operationId: 'Pages_GetPage' } });
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_UNAVAILABLE');
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(2);
  });

  test('nothing is repeated on 500, be it a read or a write', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({
      kind: 'exception',
      type: 'TypeLoadException',
      match: { operationId: 'Pages_CreatePCRPage' },
    });
    stage.sandbox.faults.add({ kind: 'exception', type: 'TypeLoadException', match: { operationId: 'Pages_GetPage' } });
    expect((await failureOf(stage.as().pages.create(newPage))).code).toBe('CMS_REFUSED');
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_UNAVAILABLE');
    expect(stage.callsOf('Pages_CreatePCRPage')).toHaveLength(1);
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(1);
  });

  test.each([false, true])(
    'a write whose connection breaks (after its effect: %s) is in doubt and sent once',
    async (afterEffect) => {
      const stage = await stageWith();
      const before = Object.keys(stage.sandbox.state.pages).length;
      stage.sandbox.faults.add({ kind: 'drop-connection', afterEffect, match: { operationId: 'Pages_CreatePCRPage' } });
      expect((await failureOf(stage.as().pages.create(newPage))).code).toBe('OUTCOME_UNKNOWN');
      expect(stage.callsOf('Pages_CreatePCRPage')).toHaveLength(1);
      expect(Object.keys(stage.sandbox.state.pages)).toHaveLength(before + (afterEffect ? 1 : 0));
    },
  );

  test('a write that can be repeated without harm is not in doubt, and still sent once', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match: { operationId: 'Pages_Rename' } });
    expect((await failureOf(stage.as().pages.rename(page, 'Fees'))).code).toBe('CMS_UNAVAILABLE');
    expect(stage.callsOf('Pages_Rename')).toHaveLength(1);
  });
});

describe('deadlines and signals', () => {
  test('a slow CMS is CMS_TIMEOUT for a read and doubt for a write', async () => {
    const stage = await stageWith({ timeoutMs: 300 });
    await stage.as().pages.get(page);
    stage.sandbox.faults.add({ kind: 'latency', ms: 5_000, match: { operationId: 'Pages_GetPage' } });
    stage.sandbox.faults.add({ kind: 'latency', ms: 5_000, match: { operationId: 'Pages_CreatePCRPage' } });
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_TIMEOUT');
    expect((await failureOf(stage.as().pages.create(newPage))).code).toBe('OUTCOME_UNKNOWN');
    expect(stage.callsOf('Pages_CreatePCRPage').length).toBeLessThanOrEqual(1);
  });

  test('slow operations have the longer time', async () => {
    const stage = await stageWith({ timeoutMs: 300, slowTimeoutMs: 20_000 });
    stage.sandbox.faults.add({ kind: 'latency', ms: 700, match: { operationId: 'Pages_CheckOut' } });
    expect((await stage.as().pages.checkOut(page)).checkedOut).toBe(true);
  });

  test.each([true, false])('the caller ends a read at once (stale answers allowed: %s)', async (allowStale) => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    stage.sandbox.faults.add({ kind: 'latency', ms: 5_000 });
    const controller = new AbortController();
    const reading = failureOf(stage.as('editor', { signal: controller.signal, allowStale }).pages.get(page));
    const startedMs = performance.now();
    controller.abort();
    expect((await reading).code).toBe('CANCELLED');
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  test('the caller ends a write: in doubt when it must not be repeated', async () => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    stage.sandbox.faults.add({ kind: 'latency', ms: 3_000 });
    const controller = new AbortController();
    const { pages } = stage.as('editor', { signal: controller.signal });
    const outcomes = [failureOf(pages.create(newPage)), failureOf(pages.rename(page, 'X'))];
    setTimeout(() => controller.abort(), 200);
    expect((await Promise.all(outcomes)).map(({ code }) => code)).toEqual(['OUTCOME_UNKNOWN', 'CANCELLED']);
  });

  test('a signal that has ended before the call lets nothing out', async () => {
    const stage = await stageWith();
    const { pages } = stage.as('editor', { signal: AbortSignal.abort() });
    expect((await failureOf(pages.get(page))).code).toBe('CANCELLED');
    expect((await failureOf(pages.create(newPage))).code).toBe('CANCELLED');
    expect(stage.sandbox.calls.list()).toEqual([]);
  });

  test('one reader that gives up does not end the read of another', async () => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    stage.sandbox.faults.add({ kind: 'latency', ms: 400, match: { operationId: 'Pages_GetPage' } });
    const controller = new AbortController();
    const first = failureOf(stage.as('editor', { signal: controller.signal, allowStale: true }).pages.get(page));
    const second = stage.as('editor', { allowStale: true }).pages.get(page);
    controller.abort();
    expect((await first).code).toBe('CANCELLED');
    expect((await second)?.id).toBe(page);
  });

  test('at most four calls are at the CMS at a time', async () => {
    const stage = await stageWith();
    await stage.as().pages.get(page);
    stage.sandbox.faults.add({ kind: 'latency', ms: 50 });
    const ids = Object.keys(stage.sandbox.state.pages).slice(0, 12);
    const startedMs = performance.now();
    await Promise.all(ids.map((id) => stage.as('admin').pages.get(id)));
    // Three rounds of four at least: the lower bound holds however slow the machine is.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(140);
  });
});

describe('the breaker', () => {
  const breaker = { volumeThreshold: 4, resetMs: 300, windowMs: 5_000 };

  const open = async (stage: IngeniuxStage) => {
    for (let call = 0; call < 6; call++) await failureOf(stage.as().pages.get(page));
    expect(stage.events).toContainEqual({ kind: 'breaker', callClass: 'read', state: 'open' });
  };

  test('an outage opens it; calls are then refused at once, told when to come back, and nothing reaches the CMS', async () => {
    const stage = await stageWith({ breaker: { ...breaker, resetMs: 60_000 }, retriesMax: 0 });
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    await open(stage);
    const reached = stage.callsOf('Pages_GetPage').length;
    const error = await failureOf(stage.as().pages.get(page));
    expect(error.code).toBe('CMS_UNAVAILABLE');
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
    expect(error.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(reached);
  });

  test('classes fail apart: writes go on while reads are refused', async () => {
    const stage = await stageWith({ breaker: { ...breaker, resetMs: 60_000 }, retriesMax: 0 });
    stage.sandbox.faults.add({ kind: 'drop-connection', match: { operationId: 'Pages_GetPage' } });
    await open(stage);
    expect((await stage.as().pages.rename(page, 'Fees')).name).toBe('Fees');
  });

  test.each([
    ['401', { kind: 'status', code: 401 }],
    ['404', { kind: 'status', code: 404 }],
    ['403', { kind: 'status', code: 403 }],
    ['400', { kind: 'status', code: 400 }],
    ['a permission', { kind: 'exception', type: 'SecurityException' }],
    ['an argument', { kind: 'exception', type: 'ArgumentException' }],
    ['a state', { kind: 'exception', type: 'InvalidOperationException' }],
    ['a reason of the CMS', { kind: 'exception', type: 'Exception' }],
  ] as const)('100 refusals of a user for %s leave it closed', async (_, fault) => {
    const stage = await stageWith({ breaker });
    stage.sandbox.faults.add({ ...fault, match: { operationId: 'Pages_GetPage' } });
    await Promise.allSettled(Array.from({ length: 100 }, () => stage.as().pages.get(page)));
    expect(stage.events.filter(({ kind }) => kind === 'breaker')).toEqual([]);
    expect((await stage.as().pages.root()).id).toBe(pagesById.home);
  });

  test('it tries one call after a while and closes when the CMS is back', async () => {
    const stage = await stageWith({ breaker, retriesMax: 0 });
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    await open(stage);
    stage.sandbox.faults.clear();
    await poll('a closed breaker', async () => {
      await stage
        .as()
        .pages.get(page)
        .catch(() => undefined);
      return stage.events.some((event) => event.kind === 'breaker' && event.state === 'closed');
    });
    expect((await stage.as().pages.get(page))?.id).toBe(page);
  });

  test('a failing trial opens it again; a cancelled one does not close it', async () => {
    const stage = await stageWith({ breaker, retriesMax: 0 });
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    await open(stage);
    const states = () => stage.events.flatMap((event) => (event.kind === 'breaker' ? [event.state] : []));
    await poll('a half-open breaker', () => states().includes('half_open'));
    stage.sandbox.faults.clear();
    stage.sandbox.faults.add({ kind: 'latency', ms: 5_000 });
    const controller = new AbortController();
    const trial = failureOf(stage.as('editor', { signal: controller.signal }).pages.get(page));
    setTimeout(() => controller.abort(), 100);
    expect((await trial).code).toBe('CANCELLED');
    expect(states()).not.toContain('closed');
    expect(states().filter((state) => state === 'open')).toHaveLength(2);
  });
});

describe('kept answers', () => {
  const reader = (stage: IngeniuxStage, ages: number[], subject?: string) =>
    stage.as('editor', { allowStale: true, onStale: (age) => ages.push(age) }, subject);

  test('configuration is asked for once, state each time', async () => {
    const stage = await stageWith();
    const ages: number[] = [];
    for (let round = 0; round < 3; round++) {
      await reader(stage, ages).publishing.targets();
      await reader(stage, ages).pages.get(page);
      await reader(stage, ages).pages.details(page, 1);
    }
    expect(stage.callsOf('Publishing_GetPublishingTargets')).toHaveLength(1);
    expect(stage.callsOf('Pages_GetPage')).toHaveLength(3);
    expect(stage.callsOf('Pages_GetPageDetails')).toHaveLength(1);
    expect(ages).toEqual([]);
  });

  test('while the CMS is away the last known state is shown, with its age, to readers only', async () => {
    const stage = await stageWith({ retriesMax: 0 });
    const ages: number[] = [];
    const before = await reader(stage, ages).pages.get(page);
    await reader(stage, ages).pages.contexts([page]);
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    expect(await reader(stage, ages).pages.get(page)).toEqual(before);
    expect(ages).toHaveLength(1);
    expect(ages[0]).toBeGreaterThanOrEqual(0);
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_UNAVAILABLE');
    expect((await failureOf(reader(stage, ages).pages.contexts([page]))).code).toBe('CMS_UNAVAILABLE');
    expect((await failureOf(reader(stage, ages).site.contentFreeze())).code).toBe('CMS_UNAVAILABLE');
  });

  test('stale answers go on while the breaker is open', async () => {
    const stage = await stageWith({ retriesMax: 0, breaker: { volumeThreshold: 4, resetMs: 60_000, windowMs: 5_000 } });
    const ages: number[] = [];
    await reader(stage, ages).pages.get(page);
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    for (let call = 0; call < 6; call++) await failureOf(stage.as().pages.get(page));
    const reached = stage.sandbox.calls.list().length;
    expect((await reader(stage, ages).pages.get(page))?.id).toBe(page);
    expect(ages).toHaveLength(1);
    expect(stage.sandbox.calls.list()).toHaveLength(reached);
  });

  test('a refusal is never covered by a kept answer', async () => {
    const stage = await stageWith();
    const ages: number[] = [];
    await reader(stage, ages).pages.get(page);
    stage.sandbox.faults.add({ kind: 'exception', type: 'SecurityException', match: { operationId: 'Pages_GetPage' } });
    expect((await failureOf(reader(stage, ages).pages.get(page))).code).toBe('FORBIDDEN');
    expect(ages).toEqual([]);
  });

  test('what one subject has read never answers another', async () => {
    const stage = await stageWith({ retriesMax: 0 });
    const ages: number[] = [];
    await reader(stage, ages, 'ann').pages.get(page);
    await reader(stage, ages, 'ann').publishing.targets();
    await reader(stage, ages, 'bob').publishing.targets();
    expect(stage.callsOf('Publishing_GetPublishingTargets')).toHaveLength(2);
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    expect((await failureOf(reader(stage, ages, 'bob').pages.get(page))).code).toBe('CMS_UNAVAILABLE');
  });

  test('a dropped tag is gone, stale or not', async () => {
    const stage = await stageWith({ retriesMax: 0 });
    const ages: number[] = [];
    await reader(stage, ages).pages.get(page);
    await reader(stage, ages).pages.details(page, 1);
    await stage.cache.drop([`item:${page}`]);
    stage.sandbox.faults.add({ kind: 'status', code: 503 });
    expect((await failureOf(reader(stage, ages).pages.get(page))).code).toBe('CMS_UNAVAILABLE');
    expect((await failureOf(reader(stage, ages).pages.details(page, 1))).code).toBe('CMS_UNAVAILABLE');
  });

  test('who decides on a read sees a write that ended before, even while a reader waits for an older answer', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'latency', ms: 300, match: { operationId: 'Pages_GetPage' }, times: 1 });
    const slow = stage.as('editor', { allowStale: true }).pages.get(page);
    await stage.as().pages.rename(page, 'Costs');
    expect((await stage.as().pages.get(page))?.name).toBe('Costs');
    await slow;
  });
});

describe('what the CMS should not answer', () => {
  test.each([
    ['false for an item', { kind: 'false-answer' }],
    ['an unknown address', { kind: 'status', code: 405 }],
  ] as const)('%s is CMS_UNEXPECTED', async (_, fault) => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ ...fault, match: { operationId: 'Pages_GetPage' } });
    expect((await failureOf(stage.as().pages.get(page))).code).toBe('CMS_UNEXPECTED');
  });

  test('null where something is promised is CMS_UNEXPECTED', async () => {
    const stage = await stageWith();
    stage.sandbox.faults.add({ kind: 'null-answer', match: { operationId: 'Pages_GetRoot' } });
    expect((await failureOf(stage.as().pages.root())).code).toBe('CMS_UNEXPECTED');
  });
});

describe('the address', () => {
  test.each(['', '/', '/api', '/api/', '/api/v1', '/api/v1/'])(
    'a base address that ends in %j works',
    async (suffix) => {
      const { sandbox, close } = await openIngeniuxStage();
      onTestFinished(close);
      const stage = await stageWith({ baseUrl: sandbox.siteRoot + suffix });
      expect((await stage.as().pages.get(page))?.id).toBe(page);
    },
  );

  test('a server that is no CMS fails to sign in; none at all is unavailable', async () => {
    const { sandbox, close } = await openIngeniuxStage();
    const stage = await stageWith({ baseUrl: `${sandbox.origin}/elsewhere`, retriesMax: 0 });
    expect((await failureOf(stage.as().site.ping())).code).toBe('CMS_SIGN_IN_FAILED');
    await close();
    expect((await failureOf(stage.as().site.ping())).code).toBe('CMS_UNAVAILABLE');
  });
});
