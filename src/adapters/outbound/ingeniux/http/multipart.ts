import { randomUUID } from 'node:crypto';
import type { OutboundBody } from './outbound.ts';

/** One field of a form: a text, or a file with its name. */
export type FormPart =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly fileName: string; readonly bytes: Uint8Array };

/** A form as `multipart/form-data` (RFC 7578), its fields in their order. */
export function multipartBody(parts: readonly FormPart[]): OutboundBody {
  const boundary = `form-${randomUUID()}`;
  const chunks = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n${headersOf(part)}\r\n\r\n`),
    'text' in part ? Buffer.from(part.text) : part.bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function headersOf(part: FormPart): string {
  const field = `Content-Disposition: form-data; name="${quotable(part.name)}"`;
  if ('text' in part) return field;
  return `${field}; filename="${quotable(part.fileName)}"\r\nContent-Type: application/octet-stream`;
}

/** What would end the quoted text or its line is percent-encoded, as browsers do. */
const quotable = (text: string): string =>
  text.replace(/["\r\n]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
