import { describe, expect, it } from 'vitest';
import { cmsTimeIso, cmsTimeMs } from '../../../../src/domain/policy/cms-time.ts';

describe('cmsTimeMs', () => {
  it.each([
    ['2025-07-01T08:20:00Z', '2025-07-01T08:20:00.000Z'],
    ['2025-07-01T08:20:00', '2025-07-01T08:20:00.000Z'],
    ['2025-07-01T08:20:00+02:00', '2025-07-01T06:20:00.000Z'],
    ['20250701T08:20:00', '2025-07-01T08:20:00.000Z'],
    ['2025-07-01', '2025-07-01T00:00:00.000Z'],
    ['7/1/2025 8:20:00 AM', '2025-07-01T08:20:00.000Z'],
    [' 2025-07-01T08:20:00 ', '2025-07-01T08:20:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(cmsTimeMs(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([undefined, '', 'yesterday', '—'])('does not guess at %s', (text) => {
    expect(cmsTimeMs(text)).toBeUndefined();
  });
});

describe('cmsTimeIso', () => {
  it.each([
    ['20250701T08:20:00', '2025-07-01T08:20:00Z'],
    ['2025-07-01T08:20:00.250Z', '2025-07-01T08:20:00.250Z'],
    ['sometime', 'sometime'],
  ])('tells %s as %s', (text, iso) => {
    expect(cmsTimeIso(text)).toBe(iso);
  });
});
