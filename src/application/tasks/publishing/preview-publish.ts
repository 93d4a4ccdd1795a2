import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import { defineTask } from '../../define-task.ts';
import { jobOutcome, viewJobOutcome } from '../../items/job-outcome.ts';
import { choosePublishItems } from '../../items/plan-publish-set.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { previewPublishJob, publishPreviewResult } from '../../jobs/preview-publish.ts';
import { publishItemsMax } from '../../jobs/publish-content.ts';
import { startJob } from '../../jobs/start-job.ts';
import { itemsParameter, targetParameter } from '../parameters.ts';

/** Tells what a publish would do. */
export const previewPublish = defineTask({
  name: 'preview_publish',
  title: 'Preview a publish',
  summary:
    'Show what publishing to a target would send: versions, counts, what stands in the way, broken links. Answers a token that ties the publish to exactly this. A job; changes nothing.',
  toolset: 'publishing',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['pages', 'assets', 'search', 'publishing', 'jobs', 'ids'],
  input: z
    .object({
      items: itemsParameter.optional(),
      target: targetParameter,
      scope: z.enum(['items', 'with_descendants', 'site']).default('items').describe('Default items'),
      mode: z.enum(['incremental', 'full']).default('incremental').describe('full: all that is marked, changed or not'),
    })
    .strict(),
  output: publishPreviewResult.partial().extend(jobOutcome),
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    const target = await resolveTarget(given.target, ports.publishing);
    if (given.scope !== 'site' && given.items === undefined) {
      throw new DomainError('BAD_INPUT', 'Say what to look at: "items" is missing, or take scope "site".');
    }
    const chosen =
      given.scope === 'site' ? [] : await choosePublishItems(given.items ?? [], given.scope, publishItemsMax, ports);
    if (chosen.length > publishItemsMax) {
      throw new DomainError(
        'TOO_LARGE',
        `That is ${chosen.length} items; one preview takes ${publishItemsMax}. Take a smaller part, or scope "site" for counts only.`,
      );
    }
    const job = await startJob(
      previewPublishJob,
      {
        targetId: target.id,
        scope: given.scope,
        incremental: given.mode === 'incremental',
        items: chosen.map(({ item, isNamed }) => ({ id: item.id, isNamed })),
      },
      ports,
      call,
    );
    return viewJobOutcome(await awaitStarted(job, ports.jobs, call), publishPreviewResult);
  },

  outcomeOf: (job) => viewJobOutcome(job, publishPreviewResult),
});
