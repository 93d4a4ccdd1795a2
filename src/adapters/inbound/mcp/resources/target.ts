import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { targetTemplate } from './uris.ts';

/** How publishing to one target stands. Subscribers hear when a publish that was started here has ended. */
export const targetResource: TaskResource = {
  task: 'get_publish_status',
  address: targetTemplate,
  name: 'target',
  title: 'A publishing target',
  description:
    'What runs, what is marked and how the last publishes to a target ended. Subscribe to hear when one that was started here has ended.',
  mimeType: 'application/json',
  inputFor: ({ id }) => ({ target: id }),
  render: asJson,
};
