import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpRefusal } from './exceptions.ts';

/** Nothing the sandbox takes is larger; uploads included. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @throws HttpRefusal (413) for more than the bound. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new HttpRefusal(413, { Message: 'Maximum request length exceeded.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value ?? null), headers);
}

export function sendHtml(response: ServerResponse, status: number, html: string): void {
  send(response, status, 'text/html; charset=utf-8', html, {});
}

export function redirect(response: ServerResponse, location: string, status = 302): void {
  send(response, status, 'text/html; charset=utf-8', '', { Location: location });
}

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  content: string | Buffer,
  headers: Record<string, string>,
  reason?: string,
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(content as Buffer); // Buffer.from accepts both; the overloads do not say so together.
  const all = { 'Content-Type': contentType, 'Content-Length': bytes.length, 'Cache-Control': 'no-cache', ...headers };
  if (reason === undefined) response.writeHead(status, all);
  else response.writeHead(status, reason.replace(/[^\t\x20-\x7e]/g, '?'), all);
  response.end(bytes);
}

/** Text that may stand in HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
