import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/model/job.ts';
import type { OperationDescription } from '../../domain/model/operation.ts';
import { fitAnswer } from '../../domain/policy/fit-answer.ts';
import { nearestName } from '../../domain/policy/nearest-name.ts';
import { accessTo, executorOf } from '../../domain/policy/operation-access.ts';
import { type CheckedArguments, checkArguments } from '../../domain/policy/operation-arguments.ts';
import { signatureOf } from '../../domain/policy/operation-signature.ts';
import { cautionFor, redactSecrets, redactText } from '../../domain/policy/redact-secrets.ts';
import { selectFields } from '../../domain/policy/select-fields.ts';
import { fileBytesMax, type OperationAnswer } from '../../domain/ports/cms/operations.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { AnyTask } from '../define-task.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** What the executors take. */
export const operationParameter = z.string().trim().min(1).max(200).describe('Operation id, such as Pages_GetPage');
/** Any value for the schema: the catalogue says more of it, and takes an object that came as a JSON text as well. */
export const argumentsParameter = z.unknown().optional().meta({
  type: 'object',
  description: 'Arguments by name; a file as {"file_name","content_base64"}',
});
export const bodyParameter = z.unknown().optional().describe('The bare body: a model or an array');
export const selectParameter = z
  .array(z.string().max(200))
  .max(50)
  .optional()
  .describe('Only these fields, such as Results[].Id');

/** What the executors answer. */
export const operationAnswer = z.object({
  operation: z.string(),
  result: z.json().optional(),
  file: z
    .object({
      file_name: z.string().optional(),
      mime_type: z.string(),
      byte_size: z.int(),
      text: z.string().optional(),
      content_base64: z.string().optional(),
    })
    .optional(),
  hidden_secrets: z.int().optional(),
  unknown_fields: z.array(z.string()).optional(),
  left_out: z.array(z.string()).optional(),
  next_cursor: z.string().optional(),
  hints: z.array(z.string()).optional(),
});

/** About 3,500 tokens. */
const resultCharactersMax = 12_000;
/** One page of a file that is no text: in base64 that is as many characters as a text may have. */
const fileBytesPerPage = 9_000;
/** Candidates for a name that is none. */
const nearMax = 3;

/** @throws DomainError NOT_FOUND with the nearest id. */
export function findOperation(id: string, { catalogue }: Pick<Ports, 'catalogue'>): OperationDescription {
  const found = findSpelt(id, catalogue);
  if (found !== undefined) return found;
  const all = catalogue.all();
  const nearest = nearestName(
    id,
    all.map((operation) => operation.id),
  );
  const words = id
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, 80);
  const likely = [...all.filter((operation) => operation.id === nearest), ...catalogue.search(words)];
  throw new DomainError('NOT_FOUND', `There is no operation "${id.slice(0, 80)}".`, {
    candidates: [...new Set(likely)]
      .slice(0, nearMax)
      .map((operation) => ({ id: operation.id, name: operation.summary })),
    next: { tool: 'search_operations', input: { query: words === '' ? 'page' : words } },
  });
}

/**
 * The scopes of the operation that a call of this executor names. None for one that does not run through it, is closed
 * or unknown: that is refused for what it is.
 */
export function scopesThrough(executor: string): NonNullable<AnyTask['scopesFor']> {
  return (rawInput, { catalogue, server }) => {
    const named = z.object({ operation: operationParameter }).safeParse(rawInput);
    const operation = named.success ? findSpelt(named.data.operation, catalogue) : undefined;
    if (operation === undefined || executorOf(operation) !== executor) return [];
    const { closed, scopes } = accessTo(operation, server.operationsAllow);
    return closed === undefined ? scopes : [];
  };
}

/** An id is known in any case of its letters. */
function findSpelt(id: string, catalogue: Ports['catalogue']): OperationDescription | undefined {
  return catalogue.find(id) ?? catalogue.all().find((operation) => operation.id.toLowerCase() === id.toLowerCase());
}

export interface OperationRequest {
  readonly operation: string;
  readonly parameters?: unknown;
  readonly body?: unknown;
}

export interface CheckedCall {
  readonly operation: OperationDescription;
  readonly given: CheckedArguments;
}

/**
 * Everything that can be refused before the CMS is asked: the id, the executor, what the operator has closed, the
 * arguments. The scopes were held against `scopesThrough` before.
 *
 * @throws DomainError NOT_FOUND, BAD_INPUT, FORBIDDEN.
 */
export function checkOperationCall(
  executor: string,
  request: OperationRequest,
  ports: Pick<Ports, 'catalogue' | 'server'>,
): CheckedCall {
  const operation = findOperation(request.operation, ports);
  const right = executorOf(operation);
  if (right !== executor) {
    const { parameters, body } = request;
    throw new DomainError(
      'BAD_INPUT',
      `${operation.id} runs through ${right}, because its effect is ${operation.effect}. Nothing was called.`,
      {
        next: {
          tool: right,
          input: {
            operation: operation.id,
            ...(parameters === undefined ? {} : { parameters }),
            ...(body === undefined ? {} : { body }),
          },
        },
      },
    );
  }
  const access = accessTo(operation, ports.server.operationsAllow);
  if (access.closed !== undefined) {
    throw new DomainError(
      'FORBIDDEN',
      `${operation.id} is closed to agents: ${access.closed}. The operator can open it by its id in OPERATIONS_ALLOW.`,
    );
  }
  const checked = checkArguments(operation, { parameters: request.parameters, body: request.body }, (name) =>
    ports.catalogue.model(name),
  );
  if (!checked.ok) {
    const problems = checked.problems.slice(0, problemsMax);
    throw new DomainError('BAD_INPUT', `${operation.id}: ${problems.join('; ')}. Nothing was called.`, {
      details: { problems, call: signatureOf(operation, false) },
      next: { tool: 'describe_operation', input: { operations: [operation.id] } },
    });
  }
  return { operation, given: checked.arguments };
}

/** Enough to mend a call in one go without flooding the answer. */
const problemsMax = 10;

/** Calls the CMS and answers a part that fits: secrets hidden, fields selected, long lists and texts paged. */
export async function callOperation(
  { operation, given }: CheckedCall,
  view: { readonly select?: readonly string[] | undefined; readonly cursor?: string | undefined },
  ports: Pick<Ports, 'operations' | 'digest'>,
): Promise<z.input<typeof operationAnswer>> {
  const queryDigest = ports.digest.sha256(
    JSON.stringify([operation.id, given.parameters, given.body ?? null, view.select ?? []]),
  );
  const offset = decodeCursor(view.cursor, queryDigest);
  const answer = await ports.operations.call({
    operationId: operation.id,
    parameters: given.parameters,
    ...(given.body === undefined ? {} : { body: given.body }),
    files: Object.fromEntries(
      Object.entries(given.files).map(([name, file]) => [
        name,
        { fileName: file.fileName, bytes: bytesOf(file.base64) },
      ]),
    ),
  });
  const nextPage = (nextOffset: number | undefined) =>
    nextOffset === undefined ? {} : { next_cursor: encodeCursor(nextOffset, queryDigest) };
  if (answer.kind === 'nothing') return { operation: operation.id, result: null };
  if (answer.kind === 'file') {
    const { nextOffset, ...file } = viewFile(answer, operation, offset);
    return { operation: operation.id, ...file, ...nextPage(nextOffset) };
  }
  const clean = redactSecrets(answer.value, cautionFor(operation));
  const selected =
    view.select === undefined ? { value: clean.value, missing: [] } : selectFields(clean.value, view.select);
  const fitted = fitAnswer(selected.value, offset, resultCharactersMax);
  const hints = [...morePages(operation, answer.value), ...quietRefusal(operation, answer.value)];
  return {
    operation: operation.id,
    // Our Json is that of zod, but for arrays that are only read.
    result: fitted.value as z.input<typeof operationAnswer>['result'],
    ...(clean.count === 0 ? {} : { hidden_secrets: clean.count }),
    ...(selected.missing.length === 0 ? {} : { unknown_fields: [...selected.missing] }),
    ...(fitted.leftOut.length === 0 ? {} : { left_out: [...fitted.leftOut] }),
    ...nextPage(fitted.nextOffset),
    ...(hints.length === 0 ? {} : { hints }),
  };
}

/** The CMS pages as well: its next page is another call. */
function morePages(operation: OperationDescription, value: Json): readonly string[] {
  const index = operation.parameters.find(({ name }) => name.toLowerCase() === 'startindex');
  if (index === undefined || typeof value !== 'object' || value === null || !('Results' in value)) return [];
  const { Results: results, TotalResults: total, NextIndex: next } = value;
  if (!Array.isArray(results) || typeof total !== 'number' || typeof next !== 'number') return [];
  if (results.length >= total || next <= 0 || next >= total) return [];
  return [`The CMS gave ${results.length} of ${total} rows; its next ones begin at ${index.name} ${next}.`];
}

/** This API says no with `false`, `null` or a list of errors where others would answer one (contract section 5). */
function quietRefusal(operation: OperationDescription, value: Json): readonly string[] {
  if (value === null) return ['The CMS answered null: it knows no such thing, or does not show it to this user.'];
  if (operation.effect === 'read') return [];
  if (value === false) return ['The CMS answered false: it did not do it.'];
  const errors = typeof value === 'object' && 'Errors' in value ? value.Errors : undefined;
  return Array.isArray(errors) && errors.length > 0
    ? [`The CMS lists ${errors.length} error(s): what they name was not done.`]
    : [];
}

/** The arguments as a person who decides may see them. */
export function shownArguments({ operation, given }: CheckedCall): Readonly<Record<string, Json>> {
  const all: Json = {
    ...(Object.keys(given.parameters).length === 0 ? {} : { parameters: given.parameters }),
    ...(given.body === undefined ? {} : { body: given.body }),
    ...(Object.keys(given.files).length === 0
      ? {}
      : { files: Object.values(given.files).map(({ fileName }) => fileName) }),
  };
  const { value } = fitAnswer(redactSecrets(all, cautionFor(operation)).value, 0, argumentsCharactersMax);
  return { operation: operation.id, http: `${operation.method} ${operation.path}`, arguments: value };
}

const argumentsCharactersMax = 4_000;

/** Ids of content items anywhere in the arguments: what a write may have changed. */
export function itemIdsIn(given: CheckedArguments): readonly string[] {
  const ids = new Set<string>();
  const walk = (value: Json): void => {
    if (typeof value === 'string') {
      if (/^(?:x\d+|af?\/\d+)$/.test(value)) ids.add(value);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  for (const value of Object.values(given.parameters)) walk(value);
  if (given.body !== undefined) walk(given.body);
  return [...ids];
}

/** One page of a file: a text by characters, anything else by bytes. */
function viewFile(
  answer: Extract<OperationAnswer, { kind: 'file' }>,
  operation: OperationDescription,
  offset: number,
): Pick<z.input<typeof operationAnswer>, 'file' | 'left_out' | 'hidden_secrets'> & { nextOffset?: number | undefined } {
  const { bytes } = answer;
  const facts = {
    ...(answer.fileName === undefined ? {} : { file_name: answer.fileName }),
    mime_type: answer.mimeType,
    byte_size: bytes.byteLength,
  };
  const text = textOf(bytes);
  if (text !== undefined) {
    const { value, count } = redactText(text, cautionFor(operation));
    const page = fitAnswer(value, offset, resultCharactersMax);
    return {
      file: { ...facts, text: String(page.value) },
      ...(count === 0 ? {} : { hidden_secrets: count }),
      ...(page.leftOut.length === 0 ? {} : { left_out: [...page.leftOut] }),
      nextOffset: page.nextOffset,
    };
  }
  const end = Math.min(bytes.byteLength, offset + fileBytesPerPage);
  const isWhole = offset === 0 && end === bytes.byteLength;
  return {
    file: { ...facts, content_base64: base64Of(bytes.subarray(offset, end)) },
    ...(isWhole ? {} : { left_out: [`bytes ${offset + 1} to ${end} of ${bytes.byteLength} are here`] }),
    nextOffset: end < bytes.byteLength ? end : undefined,
  };
}

/** The text that the bytes are, if they are UTF-8 without the one character that no text has. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    // Bytes that are no UTF-8 are no text to us.
    return undefined;
  }
}

/** @throws DomainError TOO_LARGE for more than the CMS is ever sent by this way. */
function bytesOf(base64: string): Uint8Array {
  if (base64.length * 0.75 > fileBytesMax + 2) {
    throw new DomainError('TOO_LARGE', `A file may have at most ${fileBytesMax} bytes here. Nothing was called.`);
  }
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
