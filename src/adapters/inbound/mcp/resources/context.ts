import type { Resource } from './resource.ts';
import { contextUri } from './uris.ts';

/** Who is signed in, where, and what is possible there. */
export const contextResource: Resource = {
  task: 'get_context',
  address: contextUri,
  name: 'context',
  title: 'Where am I',
  description: 'The signed-in user, the site, its publishing targets and what this connection can do.',
  mimeType: 'application/json',
  inputFor: (uri) => (uri === contextUri ? {} : undefined),
  render: (answer) => JSON.stringify(answer.output, null, 1),
};
