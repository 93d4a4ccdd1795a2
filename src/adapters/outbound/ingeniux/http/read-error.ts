import type { ErrorCode } from '../../../../domain/errors.ts';
import type { Operation } from '../catalogue/operation.ts';
import { type CallFailure, type FailureKind, failure, leavesDoubt, outcomeUnknown } from './failure.ts';
import { retryAfterMsOf } from './retry-after.ts';
import type { HttpReply } from './round-trip.ts';

/**
 * What an answer with an error status means (contract section 5). Stack traces and file names never leave this
 * function; of a business refusal, one cleaned line goes to `details.cms_message`, because editors need its reason.
 */
export function readError(reply: ErrorReply, operation: Operation, nowMs: number): CallFailure {
  const facts = factsOf(reply);
  const cause = new Error(`The CMS answered ${reply.status} ${facts.type ?? ''} to ${operation.id}: ${facts.message}`);
  const details = { operation: operation.id, status: reply.status };
  const retryAfterMs = retryAfterMsOf(reply.headers['retry-after'], nowMs);
  if (reply.status === 429) {
    return failure(
      'throttled',
      'CMS_UNAVAILABLE',
      'The CMS asks for fewer calls. Try again later.',
      { details, cause },
      retryAfterMs,
    );
  }
  if (reply.status === 503) {
    return failure('overloaded', 'CMS_UNAVAILABLE', unavailableMessage, { details, cause }, retryAfterMs);
  }
  if (reply.status === 502 || reply.status === 504) {
    if (leavesDoubt(operation)) return outcomeUnknown('lost', operation, cause);
    return failure('lost', 'CMS_UNAVAILABLE', unavailableMessage, { details, cause });
  }
  const meaning = meaningOf(reply, facts, operation);
  return failure(meaning.kind, meaning.code, messageOf(meaning.code, facts), {
    details: { ...details, ...(meaning.isBusiness && facts.message !== '' ? { cms_message: facts.message } : {}) },
    cause,
  });
}

/** Errors are texts: what their bytes are does not matter. */
type ErrorReply = Omit<HttpReply, 'bytes'>;

/** What the body of an error tells. */
interface ErrorFacts {
  /** The exception's short class name. */
  readonly type: string | undefined;
  /** One cleaned line. */
  readonly message: string;
  readonly fieldLabel: string | undefined;
  /** False for pages of a web server and for empty bodies. */
  readonly isJson: boolean;
}

interface Meaning {
  readonly kind: FailureKind;
  readonly code: ErrorCode;
  /** True when the CMS's business layer spoke: its words are meant for people. */
  readonly isBusiness: boolean;
}

const unavailableMessage = 'The CMS is failing at the moment. Try again later.';

function meaningOf(reply: ErrorReply, facts: ErrorFacts, operation: Operation): Meaning {
  if (isUnknownRoute(reply, facts)) return { kind: 'unexpected', code: 'CMS_UNEXPECTED', isBusiness: false };
  const meaning = facts.type === undefined ? meaningsByStatus[reply.status] : meaningsByType[facts.type];
  if (meaning === undefined) {
    if (reply.status < 500) return { kind: 'refused', code: 'CMS_REFUSED', isBusiness: facts.isJson };
    // After a write the state has to be looked at; after a read, trying later is all there is to do.
    return {
      kind: 'failing',
      code: operation.effect === 'read' ? 'CMS_UNAVAILABLE' : 'CMS_REFUSED',
      isBusiness: false,
    };
  }
  const special = refinable.has(meaning.code) ? refinements.find((row) => row.says.test(facts.message)) : undefined;
  return { ...meaning, ...(special === undefined ? {} : { kind: 'refused', code: special.code }), isBusiness: true };
}

/** Short names of .NET exceptions that mean a refusal rather than a defect (contract section 5). */
const meaningsByType: Readonly<Record<string, { kind: FailureKind; code: ErrorCode }>> = {
  ContentFieldFieldValidationException: { kind: 'refused', code: 'REQUIRED_FIELD' },
  SecurityException: { kind: 'refused', code: 'FORBIDDEN' },
  UnauthorizedAccessException: { kind: 'refused', code: 'FORBIDDEN' },
  ArgumentException: { kind: 'bad_argument', code: 'BAD_INPUT' },
  ArgumentNullException: { kind: 'bad_argument', code: 'BAD_INPUT' },
  ArgumentOutOfRangeException: { kind: 'bad_argument', code: 'BAD_INPUT' },
  FormatException: { kind: 'bad_argument', code: 'BAD_INPUT' },
  KeyNotFoundException: { kind: 'missing', code: 'NOT_FOUND' },
  InvalidOperationException: { kind: 'refused', code: 'CONFLICT' },
  ExceptionWithLocalization: { kind: 'refused', code: 'CMS_REFUSED' },
  ConfigurationErrorsException: { kind: 'refused', code: 'CMS_REFUSED' },
  Exception: { kind: 'refused', code: 'CMS_REFUSED' },
  SystemException: { kind: 'refused', code: 'CMS_REFUSED' },
  ApplicationException: { kind: 'refused', code: 'CMS_REFUSED' },
  NotSupportedException: { kind: 'refused', code: 'CMS_REFUSED' },
};

/** Statuses of answers that name no exception. */
const meaningsByStatus: Readonly<Record<number, { kind: FailureKind; code: ErrorCode }>> = {
  400: { kind: 'bad_argument', code: 'BAD_INPUT' },
  403: { kind: 'refused', code: 'FORBIDDEN' },
  404: { kind: 'missing', code: 'NOT_FOUND' },
  405: { kind: 'unexpected', code: 'CMS_UNEXPECTED' },
  409: { kind: 'refused', code: 'CONFLICT' },
  410: { kind: 'missing', code: 'NOT_FOUND' },
  413: { kind: 'refused', code: 'TOO_LARGE' },
  422: { kind: 'bad_argument', code: 'BAD_INPUT' },
};

/** Codes that a message can make more exact: the CMS uses the same exceptions for these cases. */
const refinable: ReadonlySet<ErrorCode> = new Set(['CONFLICT', 'FORBIDDEN', 'CMS_REFUSED', 'BAD_INPUT']);
const refinements: readonly { readonly says: RegExp; readonly code: ErrorCode }[] = [
  { says: /content\s*freeze|\bfrozen\b/i, code: 'CONTENT_FREEZE' },
  { says: /\b(?:assigned|checked[ -]out) (?:to|by) (?:another|somebody|someone|other|a different)/i, code: 'LOCKED' },
  { says: /\blocked by\b/i, code: 'LOCKED' },
];

/** The web server's page, or Web API's sentence for an address that fits no action: not an answer about content. */
function isUnknownRoute(reply: ErrorReply, facts: ErrorFacts): boolean {
  return reply.status === 404 && (!facts.isJson || /^No HTTP resource was found/i.test(facts.message));
}

function messageOf(code: ErrorCode, facts: ErrorFacts): string {
  if (code === 'REQUIRED_FIELD' && facts.fieldLabel !== undefined) {
    return `The required field “${facts.fieldLabel}” is empty. Fill it, then try again.`;
  }
  return messages[code] ?? messages.CMS_REFUSED;
}

const messages: Readonly<Partial<Record<ErrorCode, string>>> & { readonly CMS_REFUSED: string } = {
  BAD_INPUT: 'The CMS does not accept an argument of this call.',
  REQUIRED_FIELD: 'A required field of the item is empty. Fill it, then try again.',
  FORBIDDEN: 'The CMS refuses: the user that this server acts as lacks the permission.',
  NOT_FOUND: 'The CMS knows no such item, or does not show it to this user.',
  CONFLICT: 'The CMS refuses: the item is not in a state that allows this. Read it again.',
  LOCKED: 'Somebody else has the item checked out or assigned.',
  CONTENT_FREEZE: 'The CMS is in a content freeze: nothing can be changed until it ends.',
  TOO_LARGE: 'The CMS finds the request too large.',
  CMS_REFUSED: 'The CMS refused the call for a reason of its own.',
  CMS_UNAVAILABLE: unavailableMessage,
  CMS_UNEXPECTED:
    'The CMS does not know this call. Check that the configured address is the one of the CMS and its version.',
};

function factsOf(reply: ErrorReply): ErrorFacts {
  const body = jsonObject(reply.text);
  if (body === undefined) {
    return {
      type: undefined,
      message: oneLine(reply.text) || oneLine(reply.reason),
      fieldLabel: undefined,
      isJson: false,
    };
  }
  const exception = unwrapped(body);
  const message =
    textAt(exception, 'ExceptionMessage') ??
    textAt(exception, 'Message') ??
    textAt(exception, 'error_description') ??
    textAt(exception, 'error') ??
    reply.reason;
  const label = textAt(exception, 'FieldLabel') ?? textAt(exception, 'FieldName');
  return {
    type: exceptionType(exception, reply.status),
    message: oneLine(message),
    fieldLabel: label === undefined ? undefined : oneLine(label),
    isJson: true,
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Wrappers say nothing themselves: the exception inside does. */
const wrapperTypes: ReadonlySet<string> = new Set(['AggregateException', 'TargetInvocationException']);
const wrappersMax = 5;

function unwrapped(body: JsonObject): JsonObject {
  let exception = body;
  for (let depth = 0; depth < wrappersMax; depth++) {
    const inner = exception.InnerException;
    const type = shortName(textAt(exception, 'ExceptionType') ?? '');
    if (!wrapperTypes.has(type) || typeof inner !== 'object' || inner === null) break;
    // A JSON object read from the answer; its properties are looked at one by one.
    exception = inner as JsonObject;
  }
  return exception;
}

/**
 * The short class name. The form that the vendor's description declares does not name the class, only its own
 * properties; a plain `Message` on status 500 is the base class.
 */
function exceptionType(body: JsonObject, status: number): string | undefined {
  const named = textAt(body, 'ExceptionType');
  if (named !== undefined) return shortName(named);
  if (status !== 500) return undefined;
  const byProperty = Object.entries(typesByProperty).find(([property]) => property in body);
  return byProperty?.[1] ?? ('Message' in body ? 'Exception' : undefined);
}

const typesByProperty: Readonly<Record<string, string>> = {
  FieldLabel: 'ContentFieldFieldValidationException',
  ParamName: 'ArgumentException',
  BareMessage: 'ConfigurationErrorsException',
  L10NEntryId: 'ExceptionWithLocalization',
  TypeName: 'TypeLoadException',
};

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // A parsed value that is an object and no array is a record of unknowns.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    // Not JSON is an ordinary case: pages of web servers and proxies.
    return undefined;
  }
}

function textAt(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

const messageLengthMax = 200;

/** The first line with words, without markup and control characters. */
function oneLine(text: string): string {
  const lines = text
    .slice(0, 10 * messageLengthMax)
    .replace(/<[^>]*>/g, ' ')
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, ' ').trim());
  return (lines.find((line) => line !== '') ?? '').slice(0, messageLengthMax);
}
