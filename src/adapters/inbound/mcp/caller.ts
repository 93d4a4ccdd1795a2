import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server';
import type { Exposure } from '../../../application/tasks/exposure.ts';
import type { Principal } from '../../../domain/model/principal.ts';

/** Who sent one MCP request, and under which id it is logged. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
  /** True when the request was counted against the caller's limit before it came here. */
  readonly isCounted?: boolean;
  /** The trace that the request is part of, where its headers tell one. */
  readonly traceId?: string;
}

/** A caller at one of our addresses, and which part of the catalogue is offered there. */
export interface Visitor extends Caller {
  readonly exposure: Exposure;
}

/** How a server finds the caller of a request: over HTTP each request brings its own, over stdio there is one. */
export type CallerSource = (context: ServerContext) => Visitor;

/** The caller in the form that the SDK carries from an HTTP request to its handlers. Never holds the token's text. */
export function toAuthInfo(caller: Visitor, tokenId: string): AuthInfo {
  return {
    token: tokenId,
    clientId: caller.principal.clientId,
    scopes: [...caller.principal.scopes],
    extra: { caller },
  };
}

/**
 * The caller that `toAuthInfo` packed.
 *
 * @throws Error when there is none: then the endpoint was mounted without authentication, and nothing may be served.
 */
export const callerFromHttp: CallerSource = (context) => {
  const caller = context.http?.authInfo?.extra?.['caller'];
  if (caller === undefined) throw new Error('A request reached the MCP server without a caller.');
  // Only `toAuthInfo` writes this key.
  return caller as Visitor;
};
