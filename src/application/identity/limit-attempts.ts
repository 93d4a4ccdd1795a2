import { DomainError } from '../../domain/errors.ts';
import { networkOf } from '../../domain/policy/network-of.ts';
import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { FormSignIn } from '../../domain/ports/sign-in.ts';
import type { Digest } from '../../domain/ports/system.ts';

/** Failed attempts in the window, per user name and per network: a person mistypes, a machine tries on. */
export const attemptLimits = { user: 10, network: 20, windowSeconds: 15 * 60 } as const;

export interface LimitPorts {
  readonly records: ExpiringRecords;
  readonly digest: Digest;
}

/**
 * A sign-in form that stops guessing. An attempt takes one place of its user name and one of its network before it is
 * checked, so that attempts at the same time count too; one that succeeds gives them back. A place is free again when the
 * window has passed since it was taken. The places are in the shared storage: every process counts the same.
 *
 * Names are counted whether the CMS knows them or not, and the refusal says the same for both.
 *
 * @throws DomainError RATE_LIMITED beside what the form throws.
 */
export function limitAttempts(signIn: FormSignIn, { records, digest }: LimitPorts): FormSignIn {
  const place = async (kind: 'user' | 'network', of: string): Promise<string> => {
    const name = digest.sha256(of);
    for (let number = 0; number < attemptLimits[kind]; number++) {
      const key = `sign-in:${kind}:${name}:${number}`;
      if (await records.create(key, true, attemptLimits.windowSeconds)) return key;
    }
    throw new DomainError('RATE_LIMITED', 'Too many attempts to sign in. Wait a quarter of an hour, then try again.', {
      retryAfterSeconds: attemptLimits.windowSeconds,
    });
  };

  return {
    ...signIn,
    get fields() {
      return signIn.fields;
    },
    async check(input, attempt) {
      const taken = [await place('network', networkOf(attempt.address))];
      const username = (input['username'] ?? '').trim().toLowerCase();
      if (username !== '') taken.push(await place('user', username));
      const signedIn = await signIn.check(input, attempt).catch(async (error: unknown) => {
        // A CMS that is away has not looked at the password.
        if (!(error instanceof DomainError && error.code === 'SIGN_IN_REFUSED')) await giveBack(taken);
        throw error;
      });
      await giveBack(taken);
      return signedIn;
    },
  };

  async function giveBack(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => records.remove(key)));
  }
}
