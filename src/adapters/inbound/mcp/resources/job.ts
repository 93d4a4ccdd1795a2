import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { jobTemplate } from './uris.ts';

/** A job of the caller's own: state, progress, result. Subscribers hear of every change. */
export const jobResource: TaskResource = {
  task: 'get_job',
  address: jobTemplate,
  name: 'job',
  title: 'A job',
  description: 'State, progress and result of one of your jobs. Subscribe to hear of changes.',
  mimeType: 'application/json',
  inputFor: ({ id }) => ({ job: id }),
  render: asJson,
};
