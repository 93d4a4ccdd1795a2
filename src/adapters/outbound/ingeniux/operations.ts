import { DomainError } from '../../../domain/errors.ts';
import type { Json } from '../../../domain/model/job.ts';
import type { CmsOperations, OperationAnswer, OperationCall } from '../../../domain/ports/cms/operations.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import type { Operation } from './catalogue/operation.ts';
import type { FormPart } from './http/multipart.ts';
import type { FileReply } from './http/outbound.ts';

/** Calls any operation: its arguments travel where the catalogue says, its answer comes as it is. */
export function createOperations(calls: Calls): CmsOperations {
  return {
    call: async (request) => {
      const operation = byId.get(request.operationId);
      if (operation === undefined) {
        throw new DomainError('BAD_INPUT', 'The API of the CMS has no operation of that name.', {
          details: { operation: request.operationId.slice(0, operationIdCharactersMax) },
        });
      }
      const expects = operation.answer === 'file' ? 'file' : 'value';
      const form = formOf(operation, request);
      const answer = await calls.raw(operation, withoutNull(request.parameters), {
        expects,
        ...(form.length === 0 ? {} : { form }),
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      return answerOf(operation, answer);
    },
  };
}

const byId: ReadonlyMap<string, Operation> = new Map(Object.entries(operations));
const operationIdCharactersMax = 100;

function answerOf(operation: Operation, answer: unknown): OperationAnswer {
  if (operation.answer === 'nothing') return { kind: 'nothing' };
  if (operation.answer !== 'file') {
    // The chain parsed it from JSON, or hands a text on that is none.
    return { kind: 'json', value: answer as Json };
  }
  // A call that expects a file is answered with a FileReply.
  const { bytes, mimeType, fileName } = answer as FileReply;
  return { kind: 'file', mimeType, bytes, ...(fileName === undefined ? {} : { fileName }) };
}

/** A key without a value: a required one travels empty, any other stays at home. */
function withoutNull(parameters: OperationCall['parameters']): object {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));
}

/** The fields of the form that have a value, in the order of the contract. */
function formOf(operation: Operation, { parameters, files = {} }: OperationCall): readonly FormPart[] {
  return Object.entries(operation.parameters)
    .filter(([, { place }]) => place === 'form')
    .flatMap(([name]): readonly FormPart[] => {
      const file = files[name];
      if (file !== undefined) return [{ name, ...file }];
      const value = parameters[name];
      return value === undefined || value === null ? [] : [{ name, text: String(value) }];
    });
}
