import type { Dispatcher } from 'undici';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnAttempt } from '../events.ts';
import { classOf } from './breaker.ts';
import { CallFailure, failure, interruption, leavesDoubt, outcomeUnknown } from './failure.ts';
import type { FileReply, OutboundCall, Send } from './outbound.ts';
import { readError } from './read-error.ts';
import { apiPrefix } from './request-target.ts';
import { type HttpReply, roundTrip, TransportFailure } from './round-trip.ts';

/** The end of the chain: one request, and what its answer means. */
export function exchange(options: {
  readonly dispatcher: Dispatcher;
  readonly mount: string;
  readonly clock: Clock;
  readonly onAttempt: OnAttempt;
}): Send {
  const answerTo = async (call: OutboundCall, onStatus: (status: number) => void): Promise<unknown> => {
    let reply: HttpReply;
    try {
      reply = await roundTrip(options.dispatcher, {
        method: call.operation.method,
        path: options.mount + call.target,
        headers: headersOf(call),
        signal: call.signal,
        ...(call.body === undefined ? {} : { body: call.body.content }),
        ...(call.expects === 'file' ? { answerBytesMax: call.fileBytesMax } : {}),
      });
    } catch (error) {
      // A round trip fails in one of four ways; anything else is a defect.
      if (!(error instanceof TransportFailure)) throw error;
      throw withoutAnswer(error, call);
    }
    onStatus(reply.status);
    keepCookies(reply, call.cookies);
    return readReply(reply, call, options.clock.nowMs());
  };
  return async (call) => {
    const { operation, resendCount } = call;
    const tellEnd = options.onAttempt({
      callClass: classOf(operation),
      method: operation.method,
      urlTemplate: `${apiPrefix}${operation.path}`,
      operation: operation.id,
      resendCount,
    });
    let status: { readonly status?: number } = {};
    try {
      const answer = await answerTo(call, (received) => {
        status = { status: received };
      });
      tellEnd(status);
      return answer;
    } catch (error) {
      tellEnd({ ...status, failure: error instanceof CallFailure ? error.kind : 'unexpected' });
      throw error;
    }
  };
}

function headersOf(call: OutboundCall): Record<string, string> {
  return {
    accept: call.expects === 'file' ? '*/*' : 'application/json',
    authorization: `Bearer ${call.token}`,
    ...(call.body === undefined ? {} : { 'content-type': call.body.contentType }),
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

/** What the call expects of a good answer; a file that is no JSON comes as its text where a value is expected. @throws CallFailure for all others. */
function readReply(reply: HttpReply, call: OutboundCall, nowMs: number): unknown {
  if (isSignedOut(reply, call)) {
    return raise(
      failure('signed_out', 'CMS_SIGN_IN_FAILED', 'The CMS does not accept the access token.', {
        details: { operation: call.operation.id, status: reply.status },
      }),
    );
  }
  if (reply.status < 200 || reply.status > 299) return raise(readError(reply, call.operation, nowMs));
  if (call.expects === 'file') return fileReply(reply);
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
function isSignedOut(reply: HttpReply, call: OutboundCall): boolean {
  if (reply.status === 401) return true;
  if (reply.status >= 300 && reply.status <= 399) return true;
  if (reply.status < 200 || reply.status > 299 || !contentType(reply).includes('text/html')) return false;
  // A file may be a page itself: one that comes as an attachment, or that asks for no password, is the file.
  return (
    call.expects === 'value' ||
    (reply.headers['content-disposition'] === undefined && /type\s*=\s*["']?password/i.test(reply.text))
  );
}

function fileReply(reply: HttpReply): FileReply {
  const disposition = String(reply.headers['content-disposition'] ?? '');
  const [mimeType = ''] = contentType(reply).split(';');
  return {
    bytes: reply.bytes,
    mimeType: mimeType.trim() || 'application/octet-stream',
    fileName: fileNameOf(disposition),
  };
}

/** The name in a Content-Disposition header; the extended form is the exact one where both are given (RFC 6266). */
function fileNameOf(disposition: string): string | undefined {
  const extended = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;]+))/i.exec(disposition);
  const name = decoded(extended?.trim()) ?? plain?.[1] ?? plain?.[2]?.trim();
  return name === undefined || name === '' ? undefined : name.slice(0, fileNameCharactersMax);
}

const fileNameCharactersMax = 255;

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // A name that is not encoded as it says is no name; the plain one may be.
    return undefined;
  }
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
