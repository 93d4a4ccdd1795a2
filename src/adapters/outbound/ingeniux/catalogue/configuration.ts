import { must, type Operation } from './operation.ts';

/** Operations of the API tag `Configuration` that the ports call. */
export const configurationOperations = {
  Configuration_GetAIHelpText: {
    id: 'Configuration_GetAIHelpText',
    method: 'GET',
    path: '/configuration/ai-help-text',
    parameters: { schemaId: must.text },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
  Configuration_GetHelpText: {
    id: 'Configuration_GetHelpText',
    method: 'GET',
    path: '/configuration/help-text',
    parameters: { schemaId: must.text },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
} as const satisfies Record<string, Operation>;
