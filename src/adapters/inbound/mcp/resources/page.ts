import { z } from 'zod';
import { DomainError } from '../../../../domain/errors.ts';
import { cmsTextNotice } from '../present-result.ts';
import { wholeNumber } from './render.ts';
import type { TaskResource } from './resource.ts';
import { pageTemplate } from './uris.ts';

/** The text of a page, for reading. Subscribers hear of changes that are made through this server. */
export const pageResource: TaskResource = {
  task: 'get_content',
  address: pageTemplate,
  name: 'page',
  title: 'A page',
  description:
    'A page as Markdown, or with format=fields or format=xml; version=3 for an older state. Subscribe to hear of changes made through this server.',
  mimeType: 'text/markdown',
  inputFor: ({ id, version, format = 'markdown' }) => ({
    items: [id],
    include: [formatOf(format).part],
    format: 'detailed',
    ...(version === undefined ? {} : { version: wholeNumber('version', version) }),
  }),
  render(answer, { format = 'markdown' }) {
    const [item] = answerShape.parse(answer.output).items;
    return formatOf(format).render(item);
  },
};

/** What is read of the task's answer for one item; an item that cannot be read is an error of the task. */
const itemShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  markdown: z.string().optional(),
  xml: z.string().optional(),
});
const answerShape = z.object({ items: z.tuple([itemShape]) });

interface Format {
  readonly part: 'markdown' | 'fields' | 'xml';
  render(item: z.output<typeof itemShape>): { text: string; mimeType: string };
}

const formats: Readonly<Record<string, Format>> = {
  markdown: {
    part: 'markdown',
    render: (item) => ({
      text: [cmsTextNotice, '', `# ${item.name} (${item.id})`, '', item.markdown ?? ''].join('\n'),
      mimeType: 'text/markdown',
    }),
  },
  fields: {
    part: 'fields',
    render: (item) => ({ text: JSON.stringify(item, null, 1), mimeType: 'application/json' }),
  },
  xml: {
    part: 'xml',
    render(item) {
      if (item.xml === undefined) throw new DomainError('NOT_FOUND', `${item.name} (${item.id}) has no XML.`);
      return { text: item.xml, mimeType: 'application/xml' };
    },
  },
};

function formatOf(name: string): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) {
    throw new DomainError('BAD_INPUT', `There is no format "${name}". There are: ${Object.keys(formats).join(', ')}.`);
  }
  return format;
}
