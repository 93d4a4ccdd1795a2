import type { Request, Response } from 'express';
import { grantOf } from '../../adapters/inbound/http/bearer-auth.ts';
import type { AccessGrant } from '../../application/authorization/verify-access-token.ts';
import { requestIdOf } from './middleware/request-id.ts';

/** What the middlewares in front found out about a request: for the MCP endpoint, which does not know them. */
export function identifyRequest(
  _request: Request,
  response: Response,
): { readonly grant: AccessGrant; readonly requestId: string } {
  return { grant: grantOf(response), requestId: requestIdOf(response) };
}
