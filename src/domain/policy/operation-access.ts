import type { OperationDescription } from '../model/operation.ts';
import type { Scope } from '../model/principal.ts';

/** Whether an operation may be called at all on this server, and with which scopes. Pure. */
export function accessTo(operation: OperationDescription, operationsAllow: readonly string[]): OperationAccess {
  const reason = reasonToClose(operation);
  const isAllowed = operationsAllow.includes('*') || operationsAllow.includes(operation.id);
  return {
    scopes: [
      ...baseScopes[operation.effect],
      ...(takesLive.has(operation.id) ? (['cms:publish'] as const) : []),
      ...(reason === undefined ? [] : (['cms:admin'] as const)),
    ],
    ...(reason === undefined || isAllowed ? {} : { closed: reason }),
  };
}

export interface OperationAccess {
  /** Why agents cannot call it; the operator opens it by its id in OPERATIONS_ALLOW. */
  readonly closed?: string;
  /** What a token must carry. */
  readonly scopes: readonly Scope[];
}

/** The task through which an operation runs, by what it does. Pure. */
export function executorOf(operation: OperationDescription): string {
  return executors[operation.effect];
}

const executors: Readonly<Record<OperationDescription['effect'], string>> = {
  read: 'call_read_operation',
  write: 'call_write_operation',
  admin: 'call_write_operation',
  destructive: 'call_destructive_operation',
};

const baseScopes: Readonly<Record<OperationDescription['effect'], readonly Scope[]>> = {
  read: ['cms:read'],
  write: ['cms:read', 'cms:write'],
  admin: ['cms:read', 'cms:write'],
  destructive: ['cms:read', 'cms:write'],
};

/** Operations that can put something before the public: a transition may publish, and a DITA map is published. */
const takesLive: ReadonlySet<string> = new Set([
  'Pages_AdvanceWorkflow',
  'Assets_AdvanceWorkflow',
  'DITA_PublishDITAMap',
]);

function reasonToClose(operation: OperationDescription): string | undefined {
  if (operation.sensitive) return 'it carries credentials or tells about the system';
  if (operation.effect === 'admin' || operation.adminOnly) return 'it configures the CMS';
  return undefined;
}
