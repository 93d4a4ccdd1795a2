import { inspect } from 'node:util';
import { expect } from 'vitest';
import { DomainError } from '../../../src/domain/errors.ts';
import type { SignedIn } from '../../../src/domain/ports/sign-in.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/sign-in.ts, with the person's part played by the stage. */
export interface OpenedSignIn extends Opened {
  /** Goes the whole way as somebody who may sign in. */
  signIn(person: 'one' | 'another'): Promise<SignedIn>;
  /** Ways that must end in a refusal, by what is wrong. */
  readonly refused: Readonly<Record<string, () => Promise<unknown>>>;
  /** What a person typed on these ways, and other secrets. */
  readonly secrets: readonly string[];
  /** Lets fail what the driver asks: the CMS or the identity provider. Answers the code that is due then. */
  readonly breakDown?: () => Promise<'CMS_UNAVAILABLE' | 'SIGN_IN_UNAVAILABLE'>;
  /** Of a redirect: brings back what belongs to the one `begin` with the secrets of another. */
  readonly mixUp?: () => Promise<unknown>;
  /** Of a redirect: brings the same answer back twice; the end of the second time. */
  readonly twice?: () => Promise<unknown>;
}

export function signInContract(contract: Contract<OpenedSignIn>): void {
  describeContract('SignIn', contract, {
    'the same person has the same subject every time, and another person another one': async ({ signIn }) => {
      const first = await signIn('one');
      const again = await signIn('one');
      const other = await signIn('another');
      expect(first.subject).not.toBe('');
      expect(first.displayName).not.toBe('');
      expect(first.provider).not.toBe('');
      expect(again.subject).toBe(first.subject);
      expect(other.subject).not.toBe(first.subject);
    },

    'everybody else is refused, in one text, whatever was wrong': async ({ refused }) => {
      const ends = await Promise.all(Object.values(refused).map((attempt) => endOf(attempt())));
      expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 'SIGN_IN_REFUSED'));
      expect(new Set(ends.map(({ message }) => message)).size).toBe(1);
      expect(ends.length).toBeGreaterThan(1);
    },

    'nothing that a person typed is part of a refusal or of its causes': async ({ refused, secrets }) => {
      expect(secrets.length).toBeGreaterThan(0);
      for (const attempt of Object.values(refused)) {
        const text = inspect(await endOf(attempt()), { depth: 10 });
        for (const secret of secrets) expect(text).not.toContain(secret);
      }
    },

    'a place that is away refuses nobody: it is an outage': async ({ breakDown, signIn }) => {
      if (breakDown === undefined) throw new Error('Nothing can be away: exempt this driver, with the reason.');
      const code = await breakDown();
      expect((await endOf(signIn('one'))).code).toBe(code);
    },

    'the secrets of a redirect are good for its own answer only': async ({ mixUp }) => {
      if (mixUp === undefined) throw new Error('This driver is a form: exempt it, with the reason.');
      expect((await endOf(mixUp())).code).toBe('SIGN_IN_REFUSED');
    },

    'an answer is good for one sign-in': async ({ twice }) => {
      if (twice === undefined) throw new Error('This driver is a form: exempt it, with the reason.');
      expect((await endOf(twice())).code).toBe('SIGN_IN_REFUSED');
    },
  });
}

export const formExemptions = {
  'the secrets of a redirect are good for its own answer only': 'it is a form on our own page',
  'an answer is good for one sign-in': 'it is a form on our own page',
} as const;

/** How an attempt ended that must not succeed. */
export async function endOf(attempt: Promise<unknown>): Promise<DomainError> {
  try {
    await attempt;
  } catch (error) {
    // Drivers throw nothing else.
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('The sign-in was expected to fail.');
}
