import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask } from '../../define-task.ts';
import { isAssetId } from '../../items/item-path.ts';
import { jobOutcome, viewJobOutcome } from '../../items/job-outcome.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveSchema } from '../../items/resolve-schema.ts';
import { awaitStarted } from '../../items/wait-for-job.ts';
import { reportKinds, reportResult, runReportJob, staleDaysDefault } from '../../jobs/run-report.ts';
import { startJob } from '../../jobs/start-job.ts';
import { itemParameter } from '../parameters.ts';

const daysMax = 36_500;

const input = z
  .object({
    report: z.enum(reportKinds).describe('readiness: what hinders a publish'),
    under: itemParameter.optional().describe('Page or asset folder; default the site'),
    item: itemParameter.optional().describe('For references: to what'),
    text: z.string().max(500).optional().describe('To find; or content type, or workflow state'),
    saved_report: z.string().max(200).optional().describe('Its id'),
    parameters: z
      .record(z.string(), z.coerce.string().max(1000))
      .optional()
      .describe(`Of a saved report; stale: {"days": ${staleDaysDefault}}`),
    include_descendants: z.boolean().default(true).describe('Default true'),
  })
  .strict();
type Input = z.output<typeof input>;

/** Audits the site. */
export const runReport = defineTask({
  name: 'run_report',
  title: 'Run a report',
  summary:
    'Audit the site or a part of it: broken links, unused assets, references, where a text stands, use of a content type, workflow, stale pages, outdated translations, hindrances to publishing, or a report saved in the CMS. A job.',
  toolset: 'reports',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read'],
  needs: ['pages', 'assets', 'search', 'publishing', 'schemas', 'jobs', 'ids'],
  input,
  output: reportResult.partial().extend(jobOutcome),
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    refuseIncomplete(given);
    const [root, item] = await Promise.all([
      given.under === undefined ? undefined : resolveItem(given.under, ports),
      given.item === undefined ? undefined : resolveItem(given.item, ports),
    ]);
    refuseWrongKind(given.report, root, item);
    const schemaId = given.report === 'schema_usage' ? await schemaOf(given.text, ports) : undefined;
    const assetPath = given.report === 'asset_references' ? item?.file?.path : undefined;
    const job = await startJob(
      runReportJob,
      {
        report: given.report,
        withDescendants: given.include_descendants,
        parameters: given.parameters ?? {},
        ...(root === undefined ? {} : { rootId: root.id }),
        ...(item === undefined ? {} : { itemId: item.id }),
        ...(assetPath === undefined ? {} : { assetPath }),
        ...(given.text === undefined ? {} : { text: given.text }),
        ...(schemaId === undefined ? {} : { schemaId }),
        ...(given.saved_report === undefined ? {} : { savedReportId: given.saved_report }),
      },
      ports,
      call,
    );
    return viewJobOutcome(await awaitStarted(job, ports.jobs, call), reportResult);
  },

  outcomeOf: (job) => viewJobOutcome(job, reportResult),
});

/** What a report cannot do without. */
const needed: Partial<Record<Input['report'], 'item' | 'text' | 'saved_report'>> = {
  page_references: 'item',
  asset_references: 'item',
  text: 'text',
  asset_text: 'text',
  schema_usage: 'text',
  saved: 'saved_report',
};

function refuseIncomplete(given: Input): void {
  const name = needed[given.report];
  if (name !== undefined && (given[name] ?? '').trim() === '') {
    throw new DomainError('BAD_INPUT', `The report ${given.report} needs "${name}".`);
  }
  const days = given.parameters?.['days'];
  if (given.report === 'stale' && days !== undefined && !(Number(days) > 0 && Number(days) <= daysMax)) {
    throw new DomainError('BAD_INPUT', `"parameters.days" is a number of days from 1 to ${daysMax}.`);
  }
}

/** Reports that look through asset folders; all others look through pages. */
const folderReports: readonly Input['report'][] = ['asset_text', 'unused_assets'];

function refuseWrongKind(report: Input['report'], root: ContentItem | undefined, item: ContentItem | undefined): void {
  const wantsFolder = folderReports.includes(report);
  if (root !== undefined && (root.kind === 'asset_folder') !== wantsFolder) {
    throw new DomainError(
      'BAD_INPUT',
      `The report ${report} looks below ${wantsFolder ? 'an asset folder' : 'a page'}; "${root.name}" (${root.id}) is none.`,
    );
  }
  const wantsAsset = report === 'asset_references';
  if (item !== undefined && needed[report] === 'item' && isAssetId(item.id) !== wantsAsset) {
    throw new DomainError(
      'BAD_INPUT',
      `"${item.name}" (${item.id}) is ${wantsAsset ? 'no asset; take page_references' : 'an asset; take asset_references'}.`,
    );
  }
}

async function schemaOf(text: string | undefined, ports: Pick<Ports, 'schemas'>): Promise<string> {
  return (await resolveSchema(text ?? '', ports.schemas)).id;
}
