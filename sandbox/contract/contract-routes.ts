import { requireRight } from '../cms/access.ts';
import { invalidRequest } from '../exceptions.ts';
import type { ApiCall, HttpMethod, ParameterSpec, Route } from '../route.ts';
import { entryType, membersOf, type Operation, operationOf, type WireModel } from './contract.ts';

export type Handler = (call: ApiCall) => unknown;

/** The bound body of an operation that takes one model; every property is there. */
export function boundModel(call: ApiCall): WireModel {
  // The binding has refused everything that is no such model.
  return call.bound as WireModel;
}

/** The bound body of an operation that takes a list of models. */
export function boundModels(call: ApiCall): WireModel[] {
  // As above.
  return call.bound as WireModel[];
}

/** Routes whose method, path and parameters come from the contract's tables; only what they do is given. */
export function contractRoutes(handlers: Record<string, Handler>): Route[] {
  return Object.entries(handlers).map(([operationId, handle]) => contractRoute(operationOf(operationId), handle));
}

/** @returns a route that looks at the admin right before its handler runs. */
export function contractRoute(operation: Operation, handle: Handler): Route {
  const { operationId, method, path, access, parameters } = operation;
  const body = parameters.find((parameter) => parameter.in === 'body');
  return {
    operationId,
    // The table holds nothing but the five methods.
    method: method as HttpMethod,
    path,
    query: Object.fromEntries(
      parameters.filter((parameter) => parameter.in === 'query').map((parameter) => [parameter.name, spec(parameter)]),
    ),
    ...(body ? { body: 'json' as const } : {}),
    effect: access === 'read' || access === 'admin-read' ? 'read' : 'write',
    handle(call) {
      if (access === 'admin' || access === 'admin-read') requireRight(call, 'IGX_USER_RIGHT_ADMIN');
      return handle(call);
    },
  };
}

/**
 * Refuses a query value that is no member of its enumeration.
 * @throws HttpRefusal (400 with a model state)
 */
export function checkQueryMembers(operation: Operation, params: URLSearchParams): void {
  for (const { name, in: place, type } of operation.parameters) {
    const members = place === 'query' ? membersOf(entryType(type) ?? type) : null;
    if (!members) continue;
    const given = [...params].filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
    const wrong = given.find((value) => value !== '' && !/^\d+$/.test(value) && !includes(members, value));
    if (wrong !== undefined) {
      throw invalidRequest({ [name]: [`The value '${wrong}' is not valid for ${name}.`] });
    }
  }
}

function includes(members: string[], value: string): boolean {
  return members.some((member) => member.toLowerCase() === value.toLowerCase());
}

const SPEC_TYPES: Record<string, 'int' | 'bool'> = { int: 'int', long: 'int', bool: 'bool' };

function spec({ type, required, fallback }: Operation['parameters'][number]): ParameterSpec {
  const base = entryType(type) === null ? (SPEC_TYPES[type] ?? 'string') : 'list';
  if (required) return `${base}!`;
  return fallback === null ? base : `${base}=${fallback}`;
}
