import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { schemaTemplate } from './uris.ts';

/** What a content type holds, and which rules create it where. */
export const schemaResource: TaskResource = {
  task: 'describe_schema',
  address: schemaTemplate,
  name: 'schema',
  title: 'A content type',
  description: 'Fields of a content type with help and examples, and the creation rules that make it.',
  mimeType: 'application/json',
  inputFor: ({ name }) => ({ schema: name }),
  render: asJson,
};
