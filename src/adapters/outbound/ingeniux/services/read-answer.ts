import { z } from 'zod';
import type { HttpReply } from '../http/round-trip.ts';

/** What a reply of the service layer means (services section 1, "Envelope"). */
export type ServiceAnswer =
  | { readonly kind: 'done'; readonly message: unknown }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The address or method does not exist. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'wrong_verb' }
  /** A login page, a redirect to one, or 401: the token is not accepted here. */
  | { readonly kind: 'signed_out' }
  /** An answer that is no answer of the layer. */
  | { readonly kind: 'unclear' };

/** Pure. The shape of a refusal is nowhere documented, so every likely one is understood. */
export function readAnswer(reply: HttpReply): ServiceAnswer {
  const type = String(reply.headers['content-type'] ?? '').toLowerCase();
  if (reply.status === 404) return { kind: 'absent' };
  if (reply.status === 405) return { kind: 'wrong_verb' };
  if (reply.status === 401 || (reply.status >= 300 && reply.status <= 399)) return { kind: 'signed_out' };
  const isGood = reply.status >= 200 && reply.status <= 299;
  if (isGood && type.includes('text/html')) return { kind: 'signed_out' };
  const body = unwrap(jsonOf(reply.text));
  const given = envelope.safeParse(body);
  if (given.success && typeof given.data.code === 'number') {
    return isGood && given.data.code === 0
      ? readMessage(given.data.message)
      : { kind: 'refused', reason: reasonOf(given.data.error) };
  }
  if (!isGood) return { kind: 'refused', reason: reasonOf(body) };
  return typeof body === 'object' && body !== null ? readMessage(body) : { kind: 'unclear' };
}

const envelope = z.object({ code: z.unknown(), error: z.unknown(), message: z.unknown() }).partial();

/** WCF may put the answer under a lone `d`. */
function unwrap(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body);
  const [first] = entries;
  return entries.length === 1 && first?.[0] === 'd' ? first[1] : body;
}

/** A call on several pages may fail for each of them: their properties carry an `error` of their own. */
function readMessage(message: unknown): ServiceAnswer {
  const found = failures.safeParse(message);
  if (!found.success) return { kind: 'done', message };
  const own = [found.data.pageProperties, ...(found.data.pages ?? []).map((page) => page.props)];
  const wrong = own.find((props) => props?.error !== undefined && props.error !== null && props.error !== '');
  return wrong == null ? { kind: 'done', message } : { kind: 'refused', reason: reasonOf(wrong.error) };
}

const props = z.object({ error: z.unknown() }).nullish();
const failures = z.object({
  pageProperties: props,
  pages: z.array(z.object({ props })).nullish(),
});

const reasonShape = z.union([
  z.string(),
  z.object({ ExceptionMessage: z.string() }).transform((error) => error.ExceptionMessage),
  z.object({ Message: z.string() }).transform((error) => error.Message),
  z.object({ message: z.string() }).transform((error) => error.message),
]);

const reasonCharactersMax = 300;

/** One line for people; a stack never gets this far, because only the first line is kept. */
function reasonOf(error: unknown): string {
  const text = reasonShape.safeParse(error);
  const line = text.success ? (text.data.split(/\r?\n/)[0] ?? '') : '';
  return line.replace(/\s+/g, ' ').trim().slice(0, reasonCharactersMax) || 'no reason given';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Pages of the web server are no JSON; what they are is told by the status.
    return undefined;
  }
}
