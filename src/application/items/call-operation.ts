import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/model/job.ts';
import type { OperationDescription } from '../../domain/model/operation.ts';
import { fitAnswer } from '../../domain/policy/fit-answer.ts';
import { nearestName } from '../../domain/policy/nearest-name.ts';
import { accessTo, executorOf } from '../../domain/policy/operation-access.ts';
import { type CheckedArguments, checkArguments } from '../../domain/policy/operation-arguments.ts';
import { cautionFor, redactSecrets, redactText } from '../../domain/policy/redact-secrets.ts';
import { selectFields } from '../../domain/policy/select-fields.ts';
import { fileBytesMax, type OperationAnswer } from '../../domain/ports/cms/operations.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** What the executors take. */
export const operationParameter = z.string().trim().min(1).max(200).describe('Operation id, such as Pages_GetPage');
export const argumentsParameter = z
  .record(z.string().max(200), z.unknown())
  .default({})
  .describe('Arguments by name; a file as {"file_name","content_base64"}');
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
});

/** About 3,500 tokens. */
const resultCharactersMax = 14_000;
const fileCharactersMax = 12_000;
/** In base64 that is as many characters as a text may have. */
const fileBytesShownMax = 9_000;

/** @throws DomainError NOT_FOUND with the nearest id. */
export function findOperation(id: string, { catalogue }: Pick<Ports, 'catalogue'>): OperationDescription {
  const found = catalogue.find(id);
  if (found !== undefined) return found;
  const all = catalogue.all();
  const nearest = nearestName(
    id,
    all.map((operation) => operation.id),
  );
  throw new DomainError('NOT_FOUND', `There is no operation "${id.slice(0, 80)}".`, {
    ...(nearest === undefined
      ? {}
      : { candidates: [{ id: nearest, name: catalogue.find(nearest)?.summary ?? nearest }] }),
    next: { tool: 'search_operations', input: { query: id.replace(/[_.]+/g, ' ').slice(0, 80) } },
  });
}

export interface OperationRequest {
  readonly operation: string;
  readonly parameters: unknown;
  readonly body?: unknown;
}

export interface CheckedCall {
  readonly operation: OperationDescription;
  readonly given: CheckedArguments;
}

/**
 * Everything that can be refused before the CMS is asked: the id, the executor, what the operator has closed, the
 * scopes, the arguments.
 *
 * @throws DomainError NOT_FOUND, BAD_INPUT, FORBIDDEN, SCOPE_MISSING.
 */
export function checkOperationCall(
  executor: string,
  request: OperationRequest,
  ports: Pick<Ports, 'catalogue' | 'server'>,
  call: Call,
): CheckedCall {
  const operation = findOperation(request.operation, ports);
  const right = executorOf(operation);
  if (right !== executor) {
    const { operation: id, parameters, body } = request;
    throw new DomainError('BAD_INPUT', `${id} runs through ${right}, because its effect is ${operation.effect}.`, {
      next: { tool: right, input: { operation: id, parameters, ...(body === undefined ? {} : { body }) } },
    });
  }
  const access = accessTo(operation, ports.server.operationsAllow);
  if (access.closed !== undefined) {
    throw new DomainError(
      'FORBIDDEN',
      `${operation.id} is closed to agents: ${access.closed}. The operator can open it by its id in OPERATIONS_ALLOW.`,
    );
  }
  const missing = access.scopes.filter((scope) => !call.principal.scopes.includes(scope));
  if (missing.length > 0) {
    throw new DomainError(
      'SCOPE_MISSING',
      `${operation.id} needs the scopes ${access.scopes.join(' ')}; this access token lacks ${missing.join(' ')}.`,
      {
        details: { required_scopes: [...access.scopes], missing_scopes: missing },
      },
    );
  }
  const checked = checkArguments(operation, { parameters: request.parameters, body: request.body }, (name) =>
    ports.catalogue.model(name),
  );
  if (!checked.ok) {
    throw new DomainError('BAD_INPUT', `${operation.id}: ${checked.problems.join('; ')}.`, {
      details: { problems: checked.problems },
      next: { tool: 'describe_operation', input: { operations: [operation.id] } },
    });
  }
  return { operation, given: checked.arguments };
}

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
  if (answer.kind === 'nothing') return { operation: operation.id, result: null };
  if (answer.kind === 'file') return { operation: operation.id, ...viewFile(answer, operation) };
  const clean = redactSecrets(answer.value, cautionFor(operation));
  const selected =
    view.select === undefined ? { value: clean.value, missing: [] } : selectFields(clean.value, view.select);
  const fitted = fitAnswer(selected.value, offset, resultCharactersMax);
  return {
    operation: operation.id,
    result: fitted.value as z.input<typeof operationAnswer>['result'],
    ...(clean.count === 0 ? {} : { hidden_secrets: clean.count }),
    ...(selected.missing.length === 0 ? {} : { unknown_fields: [...selected.missing] }),
    ...(fitted.leftOut.length === 0 ? {} : { left_out: [...fitted.leftOut] }),
    ...(fitted.nextOffset === undefined ? {} : { next_cursor: encodeCursor(fitted.nextOffset, queryDigest) }),
  };
}

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

function viewFile(answer: Extract<OperationAnswer, { kind: 'file' }>, operation: OperationDescription) {
  const facts = {
    ...(answer.fileName === undefined ? {} : { file_name: answer.fileName }),
    mime_type: answer.mimeType,
    byte_size: answer.bytes.byteLength,
  };
  const isText = /^text\/|json|xml|csv|javascript/.test(answer.mimeType);
  if (isText) {
    const { value, count } = redactText(new TextDecoder().decode(answer.bytes), cautionFor(operation));
    const isCut = value.length > fileCharactersMax;
    return {
      file: { ...facts, text: value.slice(0, fileCharactersMax) },
      ...(count === 0 ? {} : { hidden_secrets: count }),
      ...(isCut ? { left_out: [`${value.length - fileCharactersMax} more characters of the file`] } : {}),
    };
  }
  return answer.bytes.byteLength <= fileBytesShownMax
    ? { file: { ...facts, content_base64: base64Of(answer.bytes) } }
    : {
        file: facts,
        left_out: [`the bytes of the file, which are too many for an answer (at most ${fileBytesMax} are fetched)`],
      };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
