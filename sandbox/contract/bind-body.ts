import { invalidRequest, missingArgument } from '../exceptions.ts';
import { entryType, isModel, membersOf, type Operation, propertiesOf } from './contract.ts';
import { zeroOf } from './shape.ts';

/** Deeper bodies than this are refused; the contract's own models nest a handful of levels. */
const MAX_DEPTH = 64;

/**
 * Binds a JSON body to the type the contract declares, as Newtonsoft does: property names in any case, numbers and
 * booleans also as text, enumerations by name or number, unknown properties dropped, missing ones null or zero.
 * @returns null for an operation without a body.
 * @throws CmsException (ArgumentNullException) for an empty body.
 * @throws HttpRefusal (400 with a model state) for a list instead of an object and the other way round, a value of
 * the wrong type, or a missing text that the model requires.
 */
export function bindBody(operation: Operation, json: unknown): unknown {
  const parameter = operation.parameters.find((candidate) => candidate.in === 'body');
  if (!parameter) return null;
  if (json === null || json === undefined) throw missingArgument(parameter.name);
  const problems: Record<string, string[]> = {};
  const bound = bindValue(parameter.type, json, parameter.name, 0, (path, message) => {
    problems[path] = [...(problems[path] ?? []), message];
  });
  if (Object.keys(problems).length > 0) throw invalidRequest(problems);
  return bound;
}

type Report = (path: string, message: string) => void;

function bindValue(type: string, value: unknown, path: string, depth: number, report: Report): unknown {
  const refuse = () => {
    report(path, `Error converting value ${shortened(value)} to type '${CLR_NAMES[type] ?? type}'. Path '${path}'.`);
    return null;
  };
  if (depth > MAX_DEPTH) return refuse();
  if (value === null || type === 'any') return value;
  const entry = entryType(type);
  if (entry !== null) {
    if (!Array.isArray(value)) return refuse();
    return value.map((item, index) => bindValue(entry, item, `${path}[${index}]`, depth + 1, report));
  }
  const mapped = /^map<(.+)>$/.exec(type)?.[1];
  if (mapped !== undefined) {
    if (!isObject(value)) return refuse();
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        bindValue(mapped, item, `${path}.${name}`, depth + 1, report),
      ]),
    );
  }
  if (isModel(type)) return isObject(value) ? bindModel(type, value, path, depth, report) : refuse();
  const members = membersOf(type);
  const converted = members ? bindMember(members, value) : (CONVERSIONS[type]?.(value) ?? null);
  return converted ?? refuse();
}

function bindModel(type: string, value: Record<string, unknown>, path: string, depth: number, report: Report) {
  const given = new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item]));
  return Object.fromEntries(
    propertiesOf(type).map((property) => {
      const item = given.get(property.name.toLowerCase());
      const place = `${path}.${property.name}`;
      if (item !== undefined && item !== null) {
        return [property.name, bindValue(property.type, item, place, depth + 1, report)];
      }
      if (property.nonNull && property.type === 'string') report(place, `The ${property.name} field is required.`);
      else if (property.nonNull && item === null) {
        report(place, `Error converting value {null} to type '${CLR_NAMES[property.type] ?? property.type}'.`);
      }
      return [property.name, property.nonNull ? zeroOf(property.type) : null];
    }),
  );
}

function bindMember(members: string[], value: unknown): string | null {
  const byNumber = /^\d+$/.test(String(value)) ? (members[Number(value)] ?? null) : null;
  if (typeof value === 'number') return byNumber;
  if (typeof value !== 'string') return null;
  return members.find((member) => member.toLowerCase() === value.toLowerCase()) ?? byNumber;
}

const toText = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

const toNumber = (value: unknown, pattern: RegExp) => {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return pattern.test(text) ? Number(text) : null;
};

const CONVERSIONS: Record<string, (value: unknown) => unknown> = {
  string: toText,
  guid: (value) =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : null,
  date: (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null),
  int: (value) => toNumber(value, /^-?\d{1,10}$/),
  long: (value) => toNumber(value, /^-?\d{1,19}$/),
  number: (value) => toNumber(value, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  bool: (value) => (/^(true|false)$/i.test(String(toText(value))) ? String(value).toLowerCase() === 'true' : null),
};

const CLR_NAMES: Record<string, string> = {
  string: 'System.String',
  guid: 'System.Guid',
  date: 'System.DateTime',
  int: 'System.Int32',
  long: 'System.Int64',
  number: 'System.Double',
  bool: 'System.Boolean',
};

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
