import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { auditTemplate } from './uris.ts';

/** What agents did lately, to one item or on behalf of one user. */
export const auditResource: TaskResource = {
  task: 'list_audit_events',
  address: auditTemplate,
  name: 'audit',
  title: 'The audit trail',
  description: 'What agents did on whose behalf, newest first; item=x42 or user={subject} for a part of it.',
  mimeType: 'application/json',
  inputFor: ({ item, user }) => ({
    ...(item === undefined ? {} : { item }),
    ...(user === undefined ? {} : { user }),
    limit: eventsMax,
  }),
  render: asJson,
};

/** As many as the task lists at once. */
const eventsMax = 100;
