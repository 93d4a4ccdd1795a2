import type { Response } from 'express';

/** Codes of answers that no JSON-RPC request gets, because there is none or it is not looked at. */
export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  internalError: -32603,
  /** The client has to declare a capability with its request (MCP 2026-07-28). */
  capabilityMissing: -32021,
  /** Too many requests: the HTTP status, outside the codes that JSON-RPC and MCP keep for themselves. */
  rateLimited: 429,
  /** What the reference implementations of 2025-11-25 answer for requests without a session they need. */
  sessionNeeded: -32000,
  /** The same, for sessions that are unknown or ended: clients then open a new one. */
  sessionUnknown: -32001,
} as const;

/** Answers a JSON-RPC error where the SDK is not reached. Without effect when an answer has begun. */
export function sendRpcError(
  response: Response,
  status: number,
  code: number,
  message: string,
  about: { readonly id?: string | number | null; readonly data?: object } = {},
): void {
  if (response.headersSent) return;
  const { id = null, data } = about;
  response
    .status(status)
    .json({ jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } });
}
