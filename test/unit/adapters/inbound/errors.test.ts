import { ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../../src/adapters/inbound/http/present-http-error.ts';
import { presentError, presentProtocolError } from '../../../../src/adapters/inbound/mcp/present-error.ts';
import { DomainError, type ErrorCode, errorTable } from '../../../../src/domain/errors.ts';

// The keys of the table are its codes.
const codes = Object.keys(errorTable) as ErrorCode[];
const caller = { principal: { subject: 'ada', clientId: 'c', scopes: [] }, requestId: 'req_1' };

describe.each(codes)('the error %s', (code) => {
  const error = new DomainError(code, 'What happened.', {
    cause: new Error('upstream secret'),
    details: { fact: 1 },
    retryAfterSeconds: 7,
  });

  it('leaves as a tool result that tells everything but its cause', () => {
    const result = presentError(error, caller);
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    const [block] = result.content;
    const report = JSON.parse(block?.type === 'text' ? block.text : '');
    expect(report).toEqual({ ...JSON.parse(JSON.stringify(error)), request_id: 'req_1' });
    expect(JSON.stringify(result)).not.toContain('upstream secret');
  });

  it('leaves as a JSON-RPC error that names the resource', () => {
    const presented = presentProtocolError(error, caller, 'ingeniux://page/x1');
    expect([ProtocolErrorCode.InvalidParams, ProtocolErrorCode.InternalError]).toContain(presented.code);
    expect(presented.data).toMatchObject({ uri: 'ingeniux://page/x1' });
    expect(presented instanceof ResourceNotFoundError).toBe(code === 'NOT_FOUND');
    expect(JSON.stringify(presented)).not.toContain('upstream secret');
  });

  it('has an HTTP status that fits who is at fault', () => {
    const status = statusOf(code);
    const byFault = { caller: [400, 499], cms: [403, 504], operator: [500, 504], server: [500, 504] } as const;
    const [min, max] = byFault[errorTable[code].fault];
    expect(status).toBeGreaterThanOrEqual(min);
    expect(status).toBeLessThanOrEqual(max);
  });
});
