import type { Operation } from './operation.ts';

/** Operations of the API tag `Test` that the ports call. */
export const testOperations = {
  Test_GetClaims: {
    id: 'Test_GetClaims',
    method: 'GET',
    path: '/test/claims',
    parameters: {},
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
} as const satisfies Record<string, Operation>;
