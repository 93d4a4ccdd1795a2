import { z } from 'zod';
import { snapshotIdOf } from '../../domain/policy/snapshot-id.ts';
import { defineJob } from '../define-job.ts';
import { pruneSnapshots } from '../snapshots/prune-snapshots.ts';
import { takeSnapshot } from '../snapshots/take-snapshot.ts';
import { snapshotView, viewSnapshot } from '../snapshots/view-snapshot.ts';

/**
 * Takes a snapshot of content, and removes those that are not kept any more. Its id follows from the job's: a killed
 * worker's successor goes on with the draft, and ends in one snapshot.
 */
export const takeSnapshotJob = defineJob({
  kind: 'take_snapshot',
  queue: 'backups',
  attemptsMax: 4,
  backoffMs: 5_000,
  needs: ['pages', 'assets', 'snapshots', 'clock', 'digest'],
  // Two of one root would read the same, and the second has all that the first has kept.
  lanes: ({ rootId }) => [`snapshot:${rootId}`],
  input: z.object({ rootId: z.string(), full: z.boolean(), comment: z.string().exactOptional() }),
  output: snapshotView.extend({ removed: z.array(z.string()) }),

  async execute(given, ports, run, call) {
    const { id: jobId, createdAtMs } = run.job;
    const head = await takeSnapshot(
      {
        ...given,
        id: snapshotIdOf(createdAtMs, jobId, ports.digest.sha256),
        takenAtMs: createdAtMs,
        takenBy: call.principal.subject,
      },
      ports,
      { safePoint: run.safePoint, isCancelled: run.cancelRequested, progress: run.progress },
    );
    const removed = await pruneSnapshots(ports.snapshots, ports);
    await run.progress({ percent: 100, message: `Kept ${head.counts.pages} pages and ${head.counts.assets} assets.` });
    return { ...viewSnapshot(head, call.principal, head.root.path), removed: [...removed] };
  },
});
