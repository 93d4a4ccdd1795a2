import { stemmer } from 'stemmer';
import type { ModelDescription, OperationDescription, OperationParameter } from '../../../../domain/model/operation.ts';
import { createOperationSearch, type SearchOperations } from '../../../../domain/policy/operation-search.ts';
import type { OperationCatalogue } from '../../../../domain/ports/operation-catalogue.ts';
import { operations } from './index.ts';
import { models } from './models/index.ts';
import type { Operation, Parameter } from './operation.ts';

/** The facts of this folder as everybody outside of the driver sees them. */
export function createOperationCatalogue(): OperationCatalogue {
  const all = Object.values(operations).map(describe);
  const byId = new Map(all.map((operation) => [operation.id, operation]));
  // Made by the first search: most processes never need it.
  let search: SearchOperations | undefined;
  return {
    all: () => all,
    search: (query) => {
      search ??= createOperationSearch(all, stemmer);
      return search(query);
    },
    find: (id) => byId.get(id),
    model: describeModel,
  };
}

function describe(operation: Operation): OperationDescription {
  const { parameters, freshness: _kept, tags: _dropped, ...facts } = operation;
  return {
    ...facts,
    parameters: Object.entries(parameters).map(([name, parameter]) => describeParameter(name, parameter)),
  };
}

function describeParameter(name: string, parameter: Parameter): OperationParameter {
  const { enumeration, type, item: _item, ...facts } = parameter;
  if (enumeration === undefined) return { ...facts, name, type };
  const model = models.get(enumeration);
  return {
    ...facts,
    name,
    type: type === 'string[]' ? `${enumeration}[]` : enumeration,
    ...(model !== undefined && 'values' in model ? { values: model.values } : {}),
  };
}

function describeModel(name: string): ModelDescription | undefined {
  const model = models.get(name);
  if (model === undefined) return undefined;
  if ('values' in model) return { name, properties: {}, required: [], values: model.values };
  return { required: [], ...model, name };
}
