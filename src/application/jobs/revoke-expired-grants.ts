import { z } from 'zod';
import { grantHasExpired } from '../../domain/policy/grant-has-expired.ts';
import { defineJob } from '../define-job.ts';
import { listGrants } from '../identity/list-grants.ts';

/**
 * Revokes the grants that no client can use any more, so that nobody's CMS credential is kept for nothing. Run again,
 * it finds none.
 */
export const revokeExpiredGrantsJob = defineJob({
  kind: 'revoke_expired_grants',
  queue: 'backups',
  attemptsMax: 4,
  backoffMs: 60_000,
  needs: ['grantRevoker', 'clock'],
  input: z.object({}),
  output: z.object({ revoked: z.int() }),
  async execute(_input, { grantRevoker, clock }, run) {
    const expired = (await listGrants({}, grantRevoker)).filter((grant) => grantHasExpired(grant, clock.nowMs()));
    for (const [index, { id }] of expired.entries()) {
      await run.safePoint();
      await grantRevoker.revoke(id, 'expired');
      await run.progress({
        percent: Math.floor((100 * (index + 1)) / expired.length),
        message: `${index + 1} of ${expired.length} expired grants revoked.`,
      });
    }
    return { revoked: expired.length };
  },
});
