import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { DomainError, ErrorCode, ErrorReport } from '../../../domain/errors.ts';
import type { Caller } from './caller.ts';

/**
 * A failed task as a tool's result. No structured content, even of tools with an output schema: clients would hold the
 * error against the schema and hide it.
 */
export function presentError(error: DomainError, caller: Caller): CallToolResult {
  return presentReport(error.toJSON(), caller);
}

/** The same, of an error that was kept: that of a job. */
export function presentReport(report: ErrorReport, caller: Caller): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: JSON.stringify({ ...report, request_id: caller.requestId }) }],
    _meta: { 'ingeniux/request-id': caller.requestId },
  };
}

/** A failed task behind a method of the protocol itself: a JSON-RPC error with the report as data. */
export function presentMethodError(error: DomainError, caller: Caller): ProtocolError {
  const isFailure = protocolKind(error.code) === 'failure';
  const code = isFailure ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
  return new ProtocolError(code, error.message, { ...error.toJSON(), request_id: caller.requestId });
}

/** A failed task where MCP has no results for errors (resources, prompts): a JSON-RPC error with the report as data. */
export function presentProtocolError(error: DomainError, caller: Caller, uri: string): ProtocolError {
  const kind = protocolKind(error.code);
  if (kind === 'unknown_resource') return new ResourceNotFoundError(uri, error.message);
  const code = kind === 'bad_request' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, error.message, { ...error.toJSON(), request_id: caller.requestId, uri });
}

/** JSON-RPC has two classes of faults; the table's codes travel in the data. */
function protocolKind(code: ErrorCode): 'unknown_resource' | 'bad_request' | 'failure' {
  switch (code) {
    case 'NOT_FOUND':
      return 'unknown_resource';
    case 'BAD_INPUT':
    case 'AMBIGUOUS':
    case 'CONFLICT':
    case 'VERSION_CONFLICT':
    case 'LOCKED':
    case 'REQUIRED_FIELD':
    case 'CONFIRMATION_INVALID':
    case 'IDEMPOTENCY_KEY_REUSED':
    case 'TOO_LARGE':
    case 'SCOPE_MISSING':
    case 'FORBIDDEN':
      return 'bad_request';
    case 'UNAUTHENTICATED':
    case 'SIGN_IN_REFUSED':
    case 'SIGN_IN_UNAVAILABLE':
    case 'RATE_LIMITED':
    case 'CAPABILITY_MISSING':
    case 'CONTENT_FREEZE':
    case 'LOCKED_DOWN':
    case 'CMS_REFUSED':
    case 'CMS_UNAVAILABLE':
    case 'CMS_TIMEOUT':
    case 'CMS_UNEXPECTED':
    case 'CMS_SIGN_IN_FAILED':
    case 'OUTCOME_UNKNOWN':
    case 'WRITE_UNVERIFIED':
    case 'HELD':
    case 'CANCELLED':
    case 'TIMED_OUT':
    case 'STORAGE_UNAVAILABLE':
    case 'INTERNAL':
      return 'failure';
  }
}
