import type { SandboxRole } from '../../../sandbox/seed/people.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import type { CmsCallOptions, CmsGateway } from '../../../src/domain/ports/cms/gateway.ts';

/** A CMS and a driver on it. */
export interface CmsStage {
  readonly sandbox: Sandbox;
  /** A gateway of a role; a caller who decides, never a stale answer, unless told otherwise. */
  as(role?: SandboxRole, call?: Partial<CmsCallOptions>, subject?: string): CmsGateway;
  /** Calls of one operation that the sandbox has met, oldest first. */
  callsOf(operationId: string): ReturnType<Sandbox['calls']['list']>;
  close(): Promise<void>;
}

export type OpenCmsStage = () => Promise<CmsStage>;

/** The first page of any list. */
export const firstPage = { startIndex: 0, pageSize: 100 };
