import { describe, expect, it } from 'vitest';
import { freezeAt } from '../../../../src/domain/policy/content-freeze.ts';

const freeze = { startsAt: '20260301T09:00:00', endsAt: '20260301T10:00:00', message: 'Upgrade', allowsMe: false };
const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

describe('freezeAt', () => {
  it('knows the compact times of the CMS, and tells them in ISO form', () => {
    expect(freezeAt(freeze, at('09:30:00'))).toEqual({
      message: 'Upgrade',
      endsAt: '2026-03-01T10:00:00Z',
      secondsLeft: 1800,
    });
  });

  it('has not begun before its start and is over at its end', () => {
    expect(freezeAt(freeze, at('08:59:59'))).toBeUndefined();
    expect(freezeAt(freeze, at('10:00:00'))).toBeUndefined();
  });

  it('lasts without an end, and lets through whom it allows', () => {
    const { endsAt: _endsAt, ...endless } = freeze;
    expect(freezeAt(endless, at('23:00:00'))).toEqual({ message: 'Upgrade' });
    expect(freezeAt({ ...freeze, allowsMe: true }, at('09:30:00'))).toBeUndefined();
    expect(freezeAt(undefined, at('09:30:00'))).toBeUndefined();
  });
});
