import type { Resource } from './resource.ts';
import { idIn, jobTemplate } from './uris.ts';

/** A job of the caller's own: state, progress, result. Subscribers hear of every change. */
export const jobResource: Resource = {
  task: 'get_job',
  address: jobTemplate,
  name: 'job',
  title: 'A job',
  description: 'State, progress and result of one of your jobs. Subscribe to hear of changes.',
  mimeType: 'application/json',
  inputFor(uri) {
    const id = idIn(uri, jobTemplate);
    return id === undefined ? undefined : { job: id };
  },
  render: (answer) => JSON.stringify(answer.output, null, 1),
};
