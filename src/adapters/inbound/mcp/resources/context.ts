import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { contextUri } from './uris.ts';

/** Who is signed in, where, and what is possible there. */
export const contextResource: TaskResource = {
  task: 'get_context',
  address: contextUri,
  name: 'context',
  title: 'Where am I',
  description: 'The signed-in user, the site, its publishing targets and what this connection can do.',
  mimeType: 'application/json',
  inputFor: () => ({}),
  render: asJson,
};
