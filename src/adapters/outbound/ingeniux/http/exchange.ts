import type { Dispatcher } from 'undici';
import type { Clock } from '../../../../domain/ports/system.ts';
import { type CallFailure, failure, interruption, leavesDoubt, outcomeUnknown } from './failure.ts';
import type { OutboundCall, Send } from './outbound.ts';
import { readError } from './read-error.ts';
import { type HttpReply, roundTrip, TransportFailure } from './round-trip.ts';

/** The end of the chain: one request, and what its answer means. */
export function exchange(options: {
  readonly dispatcher: Dispatcher;
  readonly mount: string;
  readonly clock: Clock;
}): Send {
  return async (call) => {
    let reply: HttpReply;
    try {
      reply = await roundTrip(options.dispatcher, {
        method: call.operation.method,
        path: options.mount + call.target,
        headers: headersOf(call),
        signal: call.signal,
        ...(call.body === undefined ? {} : { body: call.body }),
      });
    } catch (error) {
      // A round trip fails in one of four ways; anything else is a defect.
      if (!(error instanceof TransportFailure)) throw error;
      throw withoutAnswer(error, call);
    }
    keepCookies(reply, call.cookies);
    return readReply(reply, call, options.clock.nowMs());
  };
}

function headersOf(call: OutboundCall): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Bearer ${call.token}`,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.cookies === undefined || call.cookies.size === 0
      ? {}
      : { cookie: [...call.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
  };
}

function withoutAnswer(error: TransportFailure, call: OutboundCall): CallFailure {
  const details = { operation: call.operation.id };
  switch (error.kind) {
    case 'aborted':
      // It may wait for a connection still, but nobody can tell: after an abort a write counts as sent.
      return interruption(call, true, error);
    case 'unreached':
      return failure('unreached', 'CMS_UNAVAILABLE', 'The CMS cannot be reached. Try again later.', {
        details,
        cause: error,
      });
    case 'lost':
      if (leavesDoubt(call.operation)) return outcomeUnknown('lost', call.operation, error);
      return failure('lost', 'CMS_UNAVAILABLE', 'The connection to the CMS broke. Try again later.', {
        details,
        cause: error,
      });
    case 'too_large':
      return failure(
        'unexpected',
        'TOO_LARGE',
        'The answer of the CMS passes the size limit. Ask for less at a time.',
        {
          details,
          cause: error,
        },
      );
  }
}

/** The JSON value of a good answer; a file that is no JSON comes as its text. @throws CallFailure for all others. */
function readReply(reply: HttpReply, call: OutboundCall, nowMs: number): unknown {
  if (isSignedOut(reply)) {
    return raise(
      failure('signed_out', 'CMS_SIGN_IN_FAILED', 'The CMS does not accept the access token.', {
        details: { operation: call.operation.id, status: reply.status },
      }),
    );
  }
  if (reply.status < 200 || reply.status > 299) return raise(readError(reply, call.operation, nowMs));
  if (reply.text.trim() === '') return null;
  try {
    return JSON.parse(reply.text);
  } catch (error) {
    // Files are text to us; where JSON is expected, the decoder refuses the text.
    if (!isJson(reply)) return reply.text;
    throw failure('unexpected', 'CMS_UNEXPECTED', 'The CMS answered with broken JSON.', {
      details: { operation: call.operation.id },
      cause: error,
    });
  }
}

/** 401; or a redirect or a page in place of an answer, which is how forms authentication asks to sign in. */
function isSignedOut(reply: HttpReply): boolean {
  if (reply.status === 401) return true;
  if (reply.status >= 300 && reply.status <= 399) return true;
  return reply.status >= 200 && reply.status <= 299 && contentType(reply).includes('text/html');
}

const contentType = (reply: HttpReply): string => String(reply.headers['content-type'] ?? '').toLowerCase();
const isJson = (reply: HttpReply): boolean => contentType(reply).includes('json');

const raise = (error: CallFailure): never => {
  throw error;
};

/** A CMS of several servers keeps report sessions in the memory of one of them (gaps section 6, 54). */
const cookiesMax = 20;

function keepCookies(reply: HttpReply, cookies: Map<string, string> | undefined): void {
  if (cookies === undefined) return;
  for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (at > 0 && cookies.size < cookiesMax) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
}
