import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../../src/domain/model/grant.ts';
import { grantHasExpired } from '../../../../src/domain/policy/grant-has-expired.ts';

const dayMs = 86_400_000;
const nowMs = 1_000 * dayMs;
const grant = (daysOld: number, daysUnused: number) =>
  ({ createdAtMs: nowMs - daysOld * dayMs, lastUsedAtMs: nowMs - daysUnused * dayMs }) as Grant;

describe('a grant', () => {
  it.each([
    ['given and used today', 0, 0, false],
    ['unused for as long as a refresh token lasts', 200, 30, false],
    ['unused for a day longer', 200, 31, true],
    ['used every day for a year', 365, 0, false],
    ['used every day for longer than grants last', 366, 0, true],
  ])('%s: %i days old, unused for %i', (_, daysOld, daysUnused, expected) => {
    expect(grantHasExpired(grant(daysOld, daysUnused), nowMs)).toBe(expected);
  });
});
