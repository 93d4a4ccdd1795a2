import type { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { Page, PageRequest } from '../../../domain/model/paging.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import type { ContentFreeze } from '../../../domain/model/site.ts';
import type { Cache } from '../../../domain/ports/cache.ts';
import type { CmsCallOptions } from '../../../domain/ports/cms/gateway.ts';
import { fileBytesMax } from '../../../domain/ports/cms/operations.ts';
import { operations } from './catalogue/index.ts';
import type { Arguments, Operation } from './catalogue/operation.ts';
import { type CmsAccount, cacheKey, keepingOf, tagsOf } from './freshness.ts';
import { CallFailure, type FailureKind, untilAborted } from './http/failure.ts';
import { type FormPart, multipartBody } from './http/multipart.ts';
import type { OutboundBody, Send } from './http/outbound.ts';
import { requestTarget } from './http/request-target.ts';
import { emptyPage, toPage, type WirePage, wirePage } from './wire/page.ts';
import { contentFreeze } from './wire/site.ts';

/** What a call brings beside its arguments. */
export interface CallExtras {
  /** JSON body: a model or an array, as the contract says. */
  readonly body?: unknown;
  /** Form fields, in place of a body. */
  readonly form?: readonly FormPart[];
  /** `value` when absent; a file comes as a FileReply. */
  readonly expects?: 'value' | 'file';
  /** Of a file: more bytes than these are TOO_LARGE; `fileBytesMax` of the operations when absent. */
  readonly fileBytesMax?: number;
  /** Ends the call too, beside the caller's own signal. */
  readonly signal?: AbortSignal;
  /** Kept and sent back between calls that have to reach the same server of the CMS. */
  readonly cookies?: Map<string, string>;
  /** For lists whose owners stand in the body: an unknown one empties the list. */
  readonly unknownMeansEmpty?: boolean;
  /** Asks the CMS itself, whatever is kept. */
  readonly direct?: boolean;
}

/**
 * Calls of operations in the name of one principal, decoded. Everything thrown is a DomainError.
 *
 * An operation is read through one decoder only, because kept answers are kept decoded.
 */
export interface Calls {
  /** A read that always has an answer. */
  value<O extends Operation, S extends z.ZodType>(
    operation: O,
    args: Arguments<O>,
    decoder: S,
    extras?: CallExtras,
  ): Promise<z.output<S>>;
  /** A read of one thing: `undefined` for the three ways in which the CMS says that it knows none (gaps 38). */
  one<O extends Operation, S extends z.ZodType>(
    operation: O,
    args: Arguments<O>,
    decoder: S,
    extras?: CallExtras,
  ): Promise<z.output<S> | undefined>;
  /** A list without pages; empty when what it belongs to is unknown. */
  list<O extends Operation, S extends z.ZodType>(
    operation: O,
    args: Arguments<O>,
    entry: S,
    extras?: CallExtras,
  ): Promise<readonly z.output<S>[]>;
  /** One page of a list; empty when what it belongs to is unknown. `args` carry the paging under the operation's names. */
  page<O extends Operation, S extends z.ZodType>(
    operation: O,
    args: Arguments<O>,
    request: PageRequest,
    entry: S,
  ): Promise<Page<z.output<S>>>;
  /** A change. `null` from the CMS means that it knows no such item, NOT_FOUND, unless the decoder takes it. */
  write<O extends Operation, S extends z.ZodType>(
    operation: O,
    args: Arguments<O>,
    decoder: S,
    extras?: CallExtras,
  ): Promise<z.output<S>>;
  /** Any call, its answer as it comes: neither decoded nor kept. */
  raw(operation: Operation, args: object, extras: CallExtras): Promise<unknown>;
  /** A call that nobody waits for: it outlives the caller's signal and ends by its own deadline. */
  detached<O extends Operation>(operation: O, args: Arguments<O>, extras: CallExtras): Promise<void>;
}

export interface CallsOptions {
  readonly send: Send;
  readonly cache: Cache;
  readonly cacheTtlSeconds: number;
  readonly account: CmsAccount;
  readonly principal: Principal;
  readonly call: CmsCallOptions;
}

export function createCalls(options: CallsOptions): Calls {
  const { call, principal } = options;

  const send = async (
    operation: Operation,
    args: object,
    extras: CallExtras,
    callerSignal: AbortSignal,
  ): Promise<unknown> => {
    const signal = extras.signal === undefined ? callerSignal : AbortSignal.any([callerSignal, extras.signal]);
    return options.send({
      operation,
      // The public functions have checked the arguments against the operation; here both have lost their exact types.
      target: requestTarget(operation, args as Arguments<Operation>),
      body: bodyOf(extras),
      expects: extras.expects ?? 'value',
      fileBytesMax: extras.fileBytesMax ?? fileBytesMax,
      principal,
      callerSignal: signal,
      signal,
      deadlineAtMs: Number.POSITIVE_INFINITY,
      token: '',
      resendCount: 0,
      cookies: extras.cookies,
    });
  };

  /** Sends, and decodes whatever is not null. Failures that mean "nothing there" become null too. */
  const load = async <S extends z.ZodType>(
    operation: Operation,
    args: object,
    decoder: S,
    extras: CallExtras,
    nothing: ReadonlySet<FailureKind>,
    callerSignal: AbortSignal,
  ): Promise<z.output<S> | null> => {
    try {
      const wire = await send(operation, args, extras, callerSignal);
      return wire === null || wire === undefined ? null : decode(operation, decoder, wire);
    } catch (error) {
      // The chain throws CallFailures; outside of the driver only their errors are known.
      if (!(error instanceof CallFailure)) throw error;
      if (nothing.has(error.kind)) return null;
      throw error.error;
    }
  };

  const read = async <S extends z.ZodType>(
    operation: Operation,
    args: object,
    decoder: S,
    extras: CallExtras,
    nothing: ReadonlySet<FailureKind>,
  ): Promise<z.output<S> | null> => {
    call.signal.throwIfAborted();
    const keeping = keepingOf(operation, args, options.cacheTtlSeconds);
    // Where a decision to write rests on the answer, the state is asked for directly: a shared load may have begun
    // before the write that this read has to see.
    const isDirect =
      extras.direct === true || keeping === undefined || (keeping.freshSeconds === 0 && !call.allowStale);
    if (isDirect) {
      return load(operation, args, decoder, extras, nothing, call.signal);
    }
    const answer = options.cache.getOrLoad<z.output<S> | null>(cacheKey(options.account, principal, operation, args), {
      ...keeping,
      tags: tagsOf(operation, args),
      // Others may wait for the same load, so no single caller's signal ends it; its deadline does.
      load: () => load(operation, args, decoder, extras, nothing, neverAborted),
      mayServeStale: (error) => call.allowStale && isOutage(error),
    });
    const cached = await untilAborted(answer, call.signal, () => call.signal.reason);
    if (cached.origin === 'stale') call.onStale?.(cached.ageSeconds);
    return cached.value;
  };

  const write = async <S extends z.ZodType>(
    operation: Operation,
    args: object,
    decoder: S,
    extras: CallExtras,
  ): Promise<z.output<S>> => {
    call.signal.throwIfAborted();
    let value: z.output<S> | null;
    try {
      value = await load(operation, args, decoder, extras, noFailure, call.signal);
    } catch (error) {
      // Only a refusal whose reason is open may be the freeze in disguise.
      throw (await freezeInDisguise(error)) ?? error;
    }
    if (value !== null) return value;
    const nothing = decoder.safeParse(null);
    if (nothing.success) return nothing.data;
    throw new DomainError('NOT_FOUND', unknownItem, { details: { operation: operation.id } });
  };

  const raw = async (operation: Operation, args: object, extras: CallExtras): Promise<unknown> => {
    call.signal.throwIfAborted();
    try {
      return await send(operation, args, extras, call.signal);
    } catch (error) {
      // The chain throws CallFailures; outside of the driver only their errors are known.
      if (!(error instanceof CallFailure)) throw error;
      const isWrite = operation.effect !== 'read';
      throw (isWrite ? await freezeInDisguise(error.error) : undefined) ?? error.error;
    }
  };

  /** A freeze refuses with its administrator's own words, so that only the freeze itself tells whether it spoke. */
  const freezeInDisguise = async (error: unknown): Promise<DomainError | undefined> => {
    if (!(error instanceof DomainError) || (error.code !== 'CONFLICT' && error.code !== 'CMS_REFUSED'))
      return undefined;
    const said = error.details?.['cms_message'];
    if (typeof said !== 'string') return undefined;
    const freeze = await freezeNow();
    if (freeze === null || freeze.allowsMe || !isSameText(said, freeze.message)) return undefined;
    return new DomainError('CONTENT_FREEZE', 'The CMS is in a content freeze: nothing can be changed until it ends.', {
      details: { ...error.details },
      cause: error,
    });
  };

  const freezeNow = async (): Promise<ContentFreeze | null> => {
    try {
      const { Notifications_GetContentFreeze } = operations;
      return await load(Notifications_GetContentFreeze, {}, contentFreeze, {}, meansMissing, call.signal);
    } catch (error) {
      // The refusal stands without its finer reason; a defect must not hide behind that.
      if (error instanceof DomainError) return null;
      throw error;
    }
  };

  const settled = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // A call that ended before anything was sent, or while others wait for its answer, ends with the signal's reason.
      throw call.signal.aborted && error === call.signal.reason ? cancelled(error) : error;
    }
  };

  return {
    value: async (operation, args, decoder, extras = {}) => {
      const value = await settled(read(operation, args, decoder, extras, noFailure));
      if (value === null)
        throw unexpected(operation, 'The CMS answered nothing where its contract promises something.');
      return value;
    },
    one: async (operation, args, decoder, extras = {}) =>
      (await settled(read(operation, args, decoder, extras, meansMissing))) ?? undefined,
    list: async (operation, args, entry, extras = {}) =>
      (await settled(read(operation, args, entry.array(), extras, nothingFor(args, extras)))) ?? [],
    page: async (operation, args, request, entry) => {
      const value = await settled(read(operation, args, wirePage(entry), {}, nothingFor(args, {})));
      // wirePage(entry) yields exactly this shape; zod's inference loses the entry's type in the generic.
      return value === null ? emptyPage : toPage(value as WirePage<z.output<typeof entry>>, request);
    },
    raw: (operation, args, extras) => settled(raw(operation, args, extras)),
    detached: async (operation, args, extras) => {
      await send(operation, args, extras, neverAborted);
    },
    write: (operation, args, decoder, extras = {}) => settled(write(operation, args, decoder, extras)),
  };
}

function bodyOf({ body, form }: CallExtras): OutboundBody | undefined {
  if (form !== undefined) return multipartBody(form);
  return body === undefined ? undefined : { contentType: 'application/json', content: JSON.stringify(body) };
}

const neverAborted = new AbortController().signal;
const noFailure: ReadonlySet<FailureKind> = new Set();
const meansMissing: ReadonlySet<FailureKind> = new Set(['missing', 'bad_argument']);
/** A list can only be empty for want of a thing when it belongs to one; anything else that fails is a failure. */
function nothingFor(args: object, extras: CallExtras): ReadonlySet<FailureKind> {
  const belongs = Object.entries(args).some(
    ([name, value]) => ownerNames.has(name) && value !== undefined && value !== '',
  );
  return belongs || extras.unknownMeansEmpty === true ? meansMissing : noFailure;
}

/** Parameters that name what a list belongs to. */
const ownerNames: ReadonlySet<string> = new Set([
  'id',
  'Id',
  'contentId',
  'RootId',
  'SchemaId',
  'RuleId',
  'CategoryId',
  'wfDefId',
  'sessionId',
]);

const unknownItem = 'The CMS knows no such item, or does not show it to this user.';

function decode<S extends z.ZodType>(operation: Operation, decoder: S, wire: unknown): z.output<S> {
  try {
    return decoder.parse(wire);
  } catch (error) {
    // Whatever the schema does not accept is a breach of the contract; the schema's report stays in the log.
    throw unexpected(operation, 'The CMS answered in a form that its contract does not know.', error);
  }
}

const unexpected = (operation: Operation, message: string, cause?: unknown): DomainError =>
  new DomainError('CMS_UNEXPECTED', message, { details: { operation: operation.id }, cause });

const cancelled = (cause: unknown): DomainError =>
  new DomainError('CANCELLED', 'The call to the CMS was cancelled before it ended.', { cause });

/** The first words decide: what the CMS said has been cut to one short line. */
function isSameText(said: string, message: string): boolean {
  const flat = message.replace(/\s+/g, ' ').trim();
  return flat !== '' && said !== '' && (flat.startsWith(said) || said.startsWith(flat));
}

const isOutage = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'CMS_UNAVAILABLE' || error.code === 'CMS_TIMEOUT');
