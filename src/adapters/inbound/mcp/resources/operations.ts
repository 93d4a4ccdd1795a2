import { z } from 'zod';
import type { TaskResource } from './resource.ts';
import { operationsUri, operationTemplate } from './uris.ts';

/** Which operations the CMS's API has, by area. */
export const operationsResource: TaskResource = {
  task: 'search_operations',
  address: operationsUri,
  name: 'operations',
  title: 'All API operations',
  description: 'The ids of all operations of the CMS by area, to look over; search_operations finds them by words.',
  mimeType: 'text/markdown',
  inputFor: () => ({}),
  render(answer) {
    const { total, areas } = answerShape.parse(answer.output);
    const sections = areas.flatMap(({ area, operations }) => [
      '',
      `## ${area} (${operations.length})`,
      '',
      operations.join(' '),
    ]);
    return {
      text: [
        `# ${total} operations`,
        '',
        `Read ${operationTemplate.text} for how one of them is called. Most work needs none of them: the other tools do it safely.`,
        ...sections,
      ].join('\n'),
    };
  },
};

const answerShape = z.looseObject({
  total: z.int(),
  areas: z.array(z.object({ area: z.string(), operations: z.array(z.string()) })),
});
