import { z } from 'zod';
import type { TaskResource } from './resource.ts';
import { operationTemplate } from './uris.ts';

/** How one operation of the CMS's API is called. */
export const operationResource: TaskResource = {
  task: 'describe_operation',
  address: operationTemplate,
  name: 'operation',
  title: 'An API operation',
  description: 'Arguments, body, answer and quirks of an operation of the CMS, and through which tool it is called.',
  mimeType: 'application/json',
  inputFor: ({ id }) => ({ operations: [id] }),
  render(answer) {
    const { operations } = answerShape.parse(answer.output);
    return { text: JSON.stringify(operations[0], null, 1) };
  },
};

const answerShape = z.object({ operations: z.tuple([z.looseObject({ id: z.string() })]) });
