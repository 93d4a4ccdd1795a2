import { describe, expect, it, vi } from 'vitest';
import { DomainError } from '../../../../src/domain/errors.ts';
import { loadConfig } from '../../../../src/infrastructure/config/load.ts';
import type { Wired } from '../../../../src/infrastructure/di/container.ts';
import { T } from '../../../../src/infrastructure/di/tokens.ts';
import { examineAll, printFindings } from '../../../../src/infrastructure/doctor/examination.ts';
import { examinations } from '../../../../src/infrastructure/doctor/examinations.ts';

const { statfs } = vi.hoisted(() => ({ statfs: vi.fn() }));
vi.mock('node:fs/promises', () => ({ statfs }));

// What a real installation shows is in test/integration/start-up/doctor.test.ts; here is what one cannot be brought to.
describe('an examination', () => {
  const loaded = loadConfig({}, () => '');
  if (!loaded.ok) throw new Error(loaded.problems.join());
  const { config } = loaded;
  const examine = async (name: string, parts: ReadonlyMap<unknown, unknown> = new Map()) => {
    const all = examinations({
      config,
      warnings: [],
      clock: { nowMs: () => 0 },
      cms: { baseUrl: 'https://cms.example.edu/', clientId: '', clientSecret: '', isSandbox: false },
      open: async () => ({ get: (token: unknown) => parts.get(token) }) as unknown as Wired,
    });
    return examineAll(all.filter((examination) => examination.name === name));
  };

  it('of a disk that is almost full says how much is left and what to do', async () => {
    statfs.mockResolvedValueOnce({ bavail: 499, bsize: 1024 * 1024 });
    const findings = await examine('disk');
    expect(findings).toEqual([
      {
        name: 'disk',
        status: 'failed',
        says: '499 MiB free at DATA_DIR',
        advice: expect.stringContaining('DATA_DIR on a larger disk'),
      },
    ]);
    expect(printFindings(findings)).toBe(
      '✗ disk  499 MiB free at DATA_DIR\n        → Make room, or put DATA_DIR on a larger disk.\n\n0 ok, 0 warnings, 1 failed, 0 skipped\n',
    );
    statfs.mockResolvedValueOnce({ bavail: 500, bsize: 1024 * 1024 });
    expect(await examine('disk')).toMatchObject([{ status: 'ok' }]);
  });

  it('of abilities that the CMS does not tell says so, and shows no words of others', async () => {
    const connectorThat = (site: object) => new Map<unknown, unknown>([[T.Connector, { as: () => ({ site }) }]]);
    const told = connectorThat({
      abilities: async () => Promise.reject(new DomainError('CMS_UNAVAILABLE', 'The CMS is away.')),
      apiVersion: async () => undefined,
    });
    expect(await examine('abilities', told)).toEqual([
      { name: 'abilities', status: 'failed', says: 'The CMS is away.', advice: expect.stringContaining('tools') },
    ]);
    const foreign = connectorThat({
      abilities: async () => Promise.reject(new Error('secret words of a driver')),
      apiVersion: async () => undefined,
    });
    expect(await examine('abilities', foreign)).toMatchObject([{ says: 'failed without a known reason' }]);
  });
});
