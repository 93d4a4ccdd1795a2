import { z } from 'zod';
import { cmsTextNotice } from '../present-result.ts';
import { wholeNumber } from './render.ts';
import type { TaskResource } from './resource.ts';
import { treeTemplate } from './uris.ts';

/** What lies below a place, as an outline to look over. */
export const treeResource: TaskResource = {
  task: 'browse_tree',
  address: treeTemplate,
  name: 'tree',
  title: 'A part of the tree',
  description:
    'Outline of what lies below a page, asset folder or category, or below site, assets, taxonomy or recycled. depth: 1 to 5 levels, default 2.',
  mimeType: 'text/markdown',
  inputFor: ({ id, depth }) => ({
    at: id,
    direction: 'descendants',
    depth: depth === undefined ? depthDefault : wholeNumber('depth', depth),
    limit: nodesMax,
  }),
  render(answer) {
    const { at, nodes, total, truncated } = answerShape.parse(answer.output);
    const left = truncated === true || nodes.length < total;
    return {
      text: [
        cmsTextNotice,
        '',
        `# ${at.name}${at.id === undefined ? '' : ` (${at.id})`}`,
        '',
        ...nodes.map(outlineLine),
        ...(left ? ['', `Only ${nodes.length} are shown. Read the outline of a part of it to see the rest.`] : []),
      ].join('\n'),
    };
  },
};

const depthDefault = 2;
/** As many as the task lists at once. */
const nodesMax = 100;

const nodeShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  level: z.int().optional(),
  children_count: z.int().optional(),
});
const answerShape = z.looseObject({
  at: z.looseObject({ id: z.string().optional(), name: z.string() }),
  nodes: z.array(nodeShape),
  total: z.int(),
  truncated: z.boolean().optional(),
});

function outlineLine({ id, name, level = 1, children_count }: z.output<typeof nodeShape>): string {
  const below = children_count === undefined || children_count === 0 ? '' : `, ${children_count} below`;
  return `${'  '.repeat(level - 1)}- ${name} (${id}${below})`;
}
