import { may, type Operation } from './operation.ts';

/** Operations of the API tag `PCR` that the ports call. */
export const pcrOperations = {
  PCR_ListPCRInfo: {
    id: 'PCR_ListPCRInfo',
    method: 'GET',
    path: '/pcr/info',
    parameters: { PageSize: may.number, StartIndex: may.number },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
  PCR_GetPCRParents: {
    id: 'PCR_GetPCRParents',
    method: 'GET',
    path: '/pcr/parents',
    parameters: { RuleId: may.text, PageSize: may.number, StartIndex: may.number },
    body: 'none',
    effect: 'read',
    idempotent: true,
    slow: false,
    freshness: 'configuration',
    tags: ['configuration'],
  },
} as const satisfies Record<string, Operation>;
