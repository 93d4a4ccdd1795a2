import { describe, expect, it } from 'vitest';
import type { CmsCallOptions, CmsGateway } from '../../../../src/domain/ports/cms/gateway.ts';
import { type ReadinessPorts, readinessChecks } from '../../../../src/infrastructure/health/readiness-checks.ts';
import { poll } from '../../../support/poll.ts';

describe('the check of the CMS', () => {
  /** A CMS that answers pings when it is told to. */
  function slowCms() {
    const pings: { readonly options: CmsCallOptions; readonly answer: () => void; readonly fail: () => void }[] = [];
    // Only the ping of the connector is asked by this check, and nothing else of the ports.
    const ports = {
      connector: {
        as: (_principal: unknown, options: CmsCallOptions) => ({
          site: {
            ping: () =>
              new Promise<void>((resolve, reject) => {
                pings.push({ options, answer: resolve, fail: () => reject(new Error('away')) });
              }),
          } as Partial<CmsGateway['site']>,
        }),
      },
    } as unknown as ReadinessPorts;
    const check = readinessChecks(ports).find(({ name }) => name === 'cms');
    if (check === undefined) throw new Error('There is no check of the CMS.');
    return { check, pings };
  }

  it('gives up when it is told to, and leaves its ping to end by itself', async () => {
    const { check, pings } = slowCms();
    const impatient = new AbortController();
    const first = check.check(impatient.signal);
    impatient.abort(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    expect(pings[0]?.options.signal.aborted).toBe(false);
  });

  it('has one ping under way at most, whose answer the next check gets too', async () => {
    const { check, pings } = slowCms();
    const checks = Array.from({ length: 5 }, () => check.check(new AbortController().signal));
    expect(pings).toHaveLength(1);
    pings[0]?.answer();
    await Promise.all(checks);
    const failing = check.check(new AbortController().signal);
    await poll('another ping', () => pings.length === 2);
    pings[1]?.fail();
    await expect(failing).rejects.toThrow('away');
  });
});
