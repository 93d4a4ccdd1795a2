import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { CmsDita } from '../../../domain/ports/cms/dita.ts';
import { defineTask } from '../../define-task.ts';
import { jobOutcome, viewJobOutcome } from '../../items/job-outcome.ts';
import { resolveDitaMap } from '../../items/resolve-dita-map.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { ditaPublishResult, publishDitaMapJob, refuseCheckedOut } from '../../jobs/publish-dita-map.ts';
import { startJob } from '../../jobs/start-job.ts';
import { dryRunParameter, targetParameter } from '../parameters.ts';

const targetsMax = 10;
const namesMax = 20;
const names = z.array(z.string().trim().min(1).max(200)).max(namesMax);

/** Publishes a DITA map. */
export const publishDitaMap = defineTask({
  name: 'publish_dita_map',
  title: 'Publish a DITA map',
  summary:
    'Check in, mark and publish a whole DITA map to targets, in chosen output formats and with DITAVAL filters. A job: waits up to 20 seconds, then answers how to follow it.',
  toolset: 'dita',
  effect: 'destructive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write', 'cms:publish'],
  needs: ['dita', 'publishing', 'jobs', 'ids'],
  input: z
    .object({
      map: z.string().trim().min(1).max(200).describe('Id or name'),
      targets: z.array(targetParameter).min(1).max(targetsMax).describe('Publishing targets'),
      formats: names.optional().describe('Default: those selected in the CMS'),
      ditavals: names.optional().describe('Filters: ids or names'),
      replicate: z.boolean().default(false).describe('Copy on to the web servers too'),
      dry_run: dryRunParameter,
    })
    .strict(),
  output: ditaPublishResult.partial().extend({
    ...jobOutcome,
    job: z.string().optional(),
    state: z.enum(['planned', ...jobOutcome.state.options]),
    percent: z.number().optional(),
    message: z.string().optional(),
    formats: z.array(z.string()).optional(),
    ditavals: z.array(z.string()).optional(),
    checks_in: z.boolean().optional(),
  }),
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    const map = await resolveDitaMap(given.map, ports.dita);
    const resolved = await Promise.all(given.targets.map((text) => resolveTarget(text, ports.publishing)));
    const targets = [...new Map(resolved.map(({ id, name }) => [id, { id, name }])).values()];
    const formats = await chooseFormats(given.formats, ports.dita);
    const ditavals = await chooseDitavals(given.ditavals ?? [], ports.dita);
    const details = await ports.dita.details(map.id);
    if (details !== undefined) refuseCheckedOut(details);
    if (given.dry_run) {
      return {
        state: 'planned' as const,
        map: { id: map.id, name: map.name },
        targets: targets.map((target) => ({ ...target, outcome: 'submitted' as const })),
        summary: `Nothing was changed. "${map.name}" would be published to ${targets.map(({ name }) => name).join(', ')}.`,
        formats: [...formats],
        ditavals: [...ditavals],
        checks_in: map.checkedOut,
      };
    }
    const job = await startJob(
      publishDitaMapJob,
      { mapId: map.id, targets, formats: [...formats], ditavals: [...ditavals], replicate: given.replicate },
      ports,
      call,
    );
    return viewJobOutcome(await awaitStarted(job, ports.jobs, call), ditaPublishResult);
  },

  outcomeOf: (job) => viewJobOutcome(job, ditaPublishResult),
});

async function chooseFormats(wanted: readonly string[] | undefined, dita: CmsDita): Promise<readonly string[]> {
  const formats = await dita.formats();
  if (wanted === undefined) return formats.filter(({ selected }) => selected).map(({ id }) => id);
  return wanted.map((text) => idOf(text, formats, 'output format'));
}

async function chooseDitavals(wanted: readonly string[], dita: CmsDita): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  const ditavals = await dita.ditavals();
  return wanted.map((text) => idOf(text, ditavals, 'DITAVAL filter'));
}

function idOf(text: string, known: readonly { readonly id: string; readonly name: string }[], kind: string): string {
  const wanted = text.toLowerCase();
  const found = known.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found.id;
  throw new DomainError('NOT_FOUND', `There is no ${kind} "${text.slice(0, 80)}".`, {
    candidates: known.slice(0, namesMax).map(({ id, name }) => ({ id, name })),
  });
}
