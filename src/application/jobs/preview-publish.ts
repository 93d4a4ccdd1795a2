import { z } from 'zod';
import { pageSizeMax } from '../../domain/model/paging.ts';
import type { PreviewedItem, PublishingTarget, PublishPreview } from '../../domain/model/publishing.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { defineJob } from '../define-job.ts';
import { isAssetId } from '../items/item-path.ts';
import { type ChosenItem, plannedPublish, planPublishSet, publishPreviewToken } from '../items/plan-publish-set.ts';
import { readVisible } from '../items/read-visible.ts';
import { findTarget, publishItemsMax } from './publish-content.ts';

const previewedItem = z.object({ id: z.string(), name: z.string().optional(), version: z.int().optional() });

const problem = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['cannot_publish', 'broken_link']),
  message: z.string(),
});

/** What a publish would do, and what stands against it. */
export const publishPreviewResult = z.object({
  target: z.object({ id: z.string(), name: z.string() }),
  summary: z.string(),
  ready: z.boolean().describe('No problem was found'),
  planned: z.array(plannedPublish).describe('Per item chosen: version, way, problem'),
  marked: z.object({
    pages: z.int(),
    assets: z.int(),
    items: z.array(previewedItem).describe('What the next publish of the CMS itself would send'),
    left_out: z.int().optional(),
  }),
  problems: z.array(problem),
  preview: z.string().optional().describe('Pass it on to publish exactly this'),
});

/** Works out a publish: by the CMS's own preview, by our plan of marks and transitions, and by a broken-link report. */
export const previewPublishJob = defineJob({
  kind: 'preview_publish',
  queue: 'reports',
  attemptsMax: 3,
  backoffMs: 1_000,
  needs: ['pages', 'assets', 'publishing', 'workflow', 'reports', 'digest'],
  input: z.object({
    targetId: z.string(),
    scope: z.enum(['items', 'with_descendants', 'site']),
    incremental: z.boolean(),
    /** Named items begin a subtree where the scope takes descendants. */
    items: z.array(z.object({ id: z.string(), isNamed: z.boolean() })).max(publishItemsMax),
  }),
  output: publishPreviewResult,

  async execute(input, ports, run) {
    const target = await findTarget(input.targetId, ports);
    await run.progress({ percent: 5, message: 'Reading the items' });
    const chosen = await readChosen(input.items, ports);
    const planned = await planPublishSet(chosen, target, ports);
    await run.progress({ percent: 40, message: 'Asking the CMS for its preview' });
    const roots = input.scope === 'site' ? [await siteRoot(target, ports)] : namedIds(input.items);
    const marked = await readMarked(roots, target, input, ports);
    const withDescendants = input.scope !== 'items';
    const broken: z.infer<typeof problem>[] = [];
    for (const [index, rootId] of roots.filter((id) => !isAssetId(id)).entries()) {
      run.signal.throwIfAborted();
      const percent = 60 + Math.round((35 * index) / roots.length);
      await run.progress({ percent, message: 'Looking for broken links' });
      const findings = await ports.reports.run({ kind: 'broken_links', rootId, withDescendants }, () => undefined);
      for (const finding of findings) {
        broken.push({
          id: finding.itemId,
          name: finding.itemName,
          kind: 'broken_link',
          message: `${finding.fieldName}: ${finding.found.slice(0, foundCharactersMax)}`,
        });
      }
    }
    const stopped = planned.flatMap(({ view }): z.infer<typeof problem>[] =>
      view.problem === undefined
        ? []
        : [{ id: view.id, name: view.name, kind: 'cannot_publish', message: view.problem }],
    );
    const problems = [...stopped, ...broken];
    const summary = summarise(planned.length, stopped.length, broken.length, marked, target);
    await run.progress({ percent: 100, message: summary });
    return {
      target: { id: target.id, name: target.name },
      summary,
      ready: problems.length === 0,
      planned: planned.map(({ view }) => view),
      marked,
      problems: problems.slice(0, problemsMax),
      ...(planned.length === 0 ? {} : { preview: publishPreviewToken(target, planned, ports) }),
    };
  },
});

type Needs = Pick<Ports, 'pages' | 'assets' | 'publishing'>;
type Asked = z.infer<typeof previewPublishJob.input>;

const problemsMax = 200;
const foundCharactersMax = 120;

/** Items of the CMS's preview that are shown; its counts tell of all. */
const markedItemsMax = 100;

/** The items as they are now; what has gone since the call is left out. */
async function readChosen(items: Asked['items'], ports: Needs): Promise<readonly ChosenItem[]> {
  const chosen: ChosenItem[] = [];
  for (const { id, isNamed } of items) {
    const item = await readVisible(id, ports);
    if (item !== undefined) chosen.push({ item, isNamed });
  }
  return chosen;
}

const namedIds = (items: Asked['items']): readonly string[] =>
  items.filter(({ isNamed }) => isNamed).map(({ id }) => id);

/** A preview of a site needs a page too (domain section 6). */
async function siteRoot(target: PublishingTarget, { pages }: Needs): Promise<string> {
  return target.rootPageId ?? (await pages.root()).id;
}

async function readMarked(
  rootIds: readonly string[],
  target: PublishingTarget,
  asked: Asked,
  ports: Needs,
): Promise<z.infer<typeof publishPreviewResult>['marked']> {
  const items = new Map<string, PreviewedItem>();
  let pages = 0;
  let assets = 0;
  for (const itemId of rootIds) {
    const preview: PublishPreview = await ports.publishing.preview({
      targetId: target.id,
      itemId,
      incremental: asked.incremental,
      withDescendants: asked.scope !== 'items',
      wholeSite: asked.scope === 'site',
    });
    pages += preview.pageCount;
    assets += preview.assetCount;
    for (const kind of ['pages', 'assets'] as const) {
      const page = await ports.publishing.previewed(preview.taskId, kind, { startIndex: 0, pageSize: pageSizeMax });
      for (const item of page.items) items.set(item.itemId, item);
    }
  }
  const shown = [...items.values()].slice(0, markedItemsMax);
  const named: z.infer<typeof previewedItem>[] = [];
  for (const item of shown) {
    const read = await readVisible(item.itemId, ports);
    named.push({
      id: item.itemId,
      ...(read === undefined ? {} : { name: read.name }),
      ...(item.version === undefined ? {} : { version: item.version }),
    });
  }
  const leftOut = Math.max(0, pages + assets - named.length);
  return { pages, assets, items: named, ...(leftOut === 0 ? {} : { left_out: leftOut }) };
}

function summarise(
  planned: number,
  stopped: number,
  broken: number,
  marked: { readonly pages: number; readonly assets: number },
  target: PublishingTarget,
): string {
  const set = planned === 0 ? '' : `${planned - stopped} of ${planned} items would be published to ${target.name}. `;
  const links = broken === 0 ? 'No broken links.' : `${broken} broken links.`;
  return `${set}Marked for it now: ${marked.pages} pages, ${marked.assets} assets. ${links}`;
}
