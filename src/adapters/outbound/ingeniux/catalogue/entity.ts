import { must, operationsOf } from './operation.ts';

/** Operations of the API tag `Entity`. */
export const entityOperations = operationsOf('Entity', {
  Entity_Get: {
    method: 'GET',
    path: '/documents',
    parameters: { id: must.text },
    answer: 'EntityModel',
    effect: 'read',
    idempotent: true,
    summary: 'Read creation, change and archive state of any CMS object by its id',
    synonyms: ['record', 'who made it', 'metadata', 'look up', 'last modified'],
    quirks: ['Answers only the common base properties, not those of the type.'],
  },
  Entity_Archive: {
    method: 'PATCH',
    path: '/documents/archive',
    parameters: { entityId: must.text },
    answer: 'EntityModel',
    effect: 'write',
    idempotent: true,
    summary: 'Hide any CMS object from lists by marking it archived',
    synonyms: ['retire', 'put away', 'disable', 'deactivate', 'shelve'],
    quirks: ['Works on every kind of object, including schemas, workflows and categories.'],
  },
  Entity_UnArchive: {
    method: 'PATCH',
    path: '/documents/unarchive',
    parameters: { entityId: must.text },
    answer: 'EntityModel',
    effect: 'write',
    idempotent: true,
    summary: 'Bring an archived CMS object back into the lists',
    synonyms: ['restore', 'reactivate', 'unhide', 'undo', 'recover'],
    quirks: ['Works on every kind of object, including schemas, workflows and categories.'],
  },
});
