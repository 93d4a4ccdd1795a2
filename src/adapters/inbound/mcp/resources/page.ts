import { z } from 'zod';
import { cmsTextNotice } from '../present-result.ts';
import type { Resource } from './resource.ts';
import { idIn, pageTemplate } from './uris.ts';

/** The text of a page, for reading. Subscribers hear of changes that are made through this server. */
export const pageResource: Resource = {
  task: 'get_content',
  address: pageTemplate,
  name: 'page',
  title: 'A page',
  description: 'The text fields of a page as Markdown. Subscribe to hear of changes made through this server.',
  mimeType: 'text/markdown',
  inputFor(uri) {
    const id = idIn(uri, pageTemplate);
    return id === undefined ? undefined : { items: [id], include: ['markdown'], format: 'detailed' };
  },
  render(answer) {
    const [item] = answerShape.parse(answer.output).items;
    return [cmsTextNotice, '', `# ${item.name} (${item.id})`, '', item.markdown ?? ''].join('\n');
  },
};

/** What is read of the task's answer for one item; an item that cannot be read is an error of the task. */
const answerShape = z.object({
  items: z.tuple([z.looseObject({ id: z.string(), name: z.string(), markdown: z.string().optional() })]),
});
