import type { Json } from '../model/job.ts';
import type { ModelDescription, OperationDescription, OperationParameter } from '../model/operation.ts';
import { nearestName } from './nearest-name.ts';

export interface GivenArguments {
  /** As the caller sent them: an object, or the same as a JSON text. */
  readonly parameters: unknown;
  readonly body: unknown;
}

/** Arguments that fit the operation, under the contract's names and with the contract's types. */
export interface CheckedArguments {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly body?: Json;
  /** Form fields that are files, still encoded. */
  readonly files: Readonly<Record<string, EncodedFile>>;
}

export interface EncodedFile {
  readonly fileName: string;
  readonly base64: string;
}

export type ArgumentsCheck =
  | { readonly ok: true; readonly arguments: CheckedArguments }
  | { readonly ok: false; readonly problems: readonly string[] };

type ModelOf = (name: string) => ModelDescription | undefined;

/**
 * Holds arguments against the catalogue. What is written in another form but can only mean one thing is taken: JSON
 * in a text, a number or a flag in a text, a single value for a list, names in other letter case. Everything else is a
 * problem, told with what was expected; values are never repeated. Pure.
 */
export function checkArguments(operation: OperationDescription, given: GivenArguments, model: ModelOf): ArgumentsCheck {
  const problems: string[] = [];
  const parameters: Record<string, Json> = {};
  const files: Record<string, EncodedFile> = {};
  const sent = recordOf(given.parameters, problems);
  const byName = new Map(operation.parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));

  for (const name of Object.keys(sent)) {
    if (!byName.has(name.toLowerCase())) problems.push(unknownParameter(name, operation, model));
  }
  for (const parameter of operation.parameters) {
    const value = valueUnder(sent, parameter.name);
    if (parameter.type === 'file') {
      const file = fileOf(value);
      if (file !== undefined) files[parameter.name] = file;
      else if (value !== undefined || parameter.required) {
        problems.push(`"${parameter.name}" must be {"file_name": …, "content_base64": …}`);
      }
      continue;
    }
    const checked = checkParameter(parameter, value);
    if (checked.kind === 'problem') problems.push(`"${parameter.name}" ${checked.problem}`);
    else if (checked.kind === 'value') parameters[parameter.name] = checked.value;
  }
  const body = checkBody(operation, given.body, model, problems);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, arguments: { parameters, files, ...(body === undefined ? {} : { body }) } };
}

type Checked =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'absent' }
  | { readonly kind: 'problem'; readonly problem: string };

const absent: Checked = { kind: 'absent' };
const taken = (value: Json): Checked => ({ kind: 'value', value });
const problem = (text: string): Checked => ({ kind: 'problem', problem: text });

function recordOf(value: unknown, problems: string[]): Readonly<Record<string, unknown>> {
  const parsed = typeof value === 'string' ? (parsedJson(value) ?? value) : value;
  if (parsed === undefined || parsed === null || parsed === '') return {};
  if (isRecord(parsed)) return parsed;
  problems.push('"parameters" must be an object of names and values');
  return {};
}

/** The value under this name; the CMS minds no letter case, but two spellings of one name would be two values. */
function valueUnder(sent: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(sent, name)) return sent[name];
  const spelling = Object.keys(sent).find((key) => key.toLowerCase() === name.toLowerCase());
  return spelling === undefined ? undefined : sent[spelling];
}

function unknownParameter(name: string, operation: OperationDescription, model: ModelOf): string {
  const shown = `"${name.slice(0, nameCharactersMax)}"`;
  const bodyModel = operation.body === undefined ? undefined : model(operation.body.replace(/\[\]$/, ''));
  if (bodyModel !== undefined && spelt(name, Object.keys(propertiesOf(bodyModel, model))) !== undefined) {
    return `${shown} belongs in "body", not in "parameters"`;
  }
  const names = operation.parameters.map((parameter) => parameter.name);
  const near = nearestName(name, names);
  if (near !== undefined) return `${shown} is unknown; did you mean "${near}"?`;
  return names.length === 0
    ? `${shown} is unknown; this operation has no parameters`
    : `${shown} is unknown; there are ${names.map((known) => `"${known}"`).join(', ')}`;
}

const nameCharactersMax = 60;

function checkParameter(parameter: OperationParameter, value: unknown): Checked {
  if (value === undefined || value === null) {
    if (!parameter.required) return absent;
    if (value === null && parameter.nullable) return taken(null);
    return problem(`(${typeText(parameter)}) is needed${parameter.nullable ? '; null or "" sends it empty' : ''}`);
  }
  // An empty text in place of a number, a flag or a choice is how some callers leave it out.
  if (value === '' && !parameter.required && parameter.type !== 'string') return absent;
  if (!parameter.type.endsWith('[]')) return checkScalar(parameter.type, value, parameter);
  const items = listOf(value);
  const checked = items.map((item) => checkScalar(parameter.type.slice(0, -2), item, parameter));
  const wrong = checked.find((item) => item.kind === 'problem');
  return wrong ?? taken(checked.flatMap((item) => (item.kind === 'value' ? [item.value] : [])));
}

const typeText = (parameter: OperationParameter): string =>
  parameter.values === undefined ? parameter.type : parameter.values.join(' | ');

/** A list as it is, one in a JSON text, or a single value that stands for a list of one. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const parsed = typeof value === 'string' && value.trimStart().startsWith('[') ? parsedJson(value) : undefined;
  return Array.isArray(parsed) ? parsed : [value];
}

/** @param parameter set where an empty text may travel, and where the only values are listed. */
function checkScalar(type: string, value: unknown, parameter?: OperationParameter): Checked {
  if (parameter?.values !== undefined) return checkChoice(parameter.values, value);
  switch (type) {
    case 'integer':
    case 'number':
      return checkNumber(type, value);
    case 'boolean':
      return checkFlag(value);
    case 'date-time':
      return checkDate(value, parameter?.nullable === true);
    case 'string':
      if (typeof value === 'number' || typeof value === 'boolean') return taken(String(value));
      if (typeof value !== 'string') return problem('must be a text');
      return parameter?.place === 'path' && value.trim() === '' ? problem('must not be empty') : taken(value);
    default:
      return problem(`must be ${type}`);
  }
}

function checkChoice(values: readonly string[], value: unknown): Checked {
  const found = typeof value === 'string' ? spelt(value.trim(), values) : undefined;
  return found === undefined ? problem(`must be one of ${values.join(', ')}`) : taken(found);
}

/** The CMS counts in 32 bits. */
const integerMax = 2 ** 31 - 1;

function checkNumber(type: 'integer' | 'number', value: unknown): Checked {
  const number = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return problem(`must be ${article(type)}`);
  if (type === 'number') return taken(number);
  const isWhole = Number.isInteger(number) && number >= -integerMax - 1 && number <= integerMax;
  return isWhole ? taken(number) : problem(`must be ${article(type)} of 32 bits`);
}

const article = (type: 'integer' | 'number'): string => (type === 'integer' ? 'a whole number' : 'a number');

function checkFlag(value: unknown): Checked {
  const flag = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (flag === true || flag === 'true') return taken(true);
  return flag === false || flag === 'false' ? taken(false) : problem('must be true or false');
}

function checkDate(value: unknown, mayBeEmpty: boolean): Checked {
  if (value === '' && mayBeEmpty) return taken('');
  const isDate = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
  return isDate ? taken(value) : problem('must be a date such as 2026-03-01 or 2026-03-01T09:00:00');
}

function fileOf(value: unknown): EncodedFile | undefined {
  const file = typeof value === 'string' ? parsedJson(value) : value;
  if (!isRecord(file)) return undefined;
  const { file_name: fileName, content_base64: base64, ...rest } = file;
  if (typeof fileName !== 'string' || fileName.trim() === '' || fileName.length > fileNameCharactersMax)
    return undefined;
  if (typeof base64 !== 'string' || Object.keys(rest).length > 0) return undefined;
  const compact = base64.replace(/\s+/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? { fileName, base64: compact } : undefined;
}

const fileNameCharactersMax = 255;

function checkBody(
  operation: OperationDescription,
  given: unknown,
  model: ModelOf,
  problems: string[],
): Json | undefined {
  if (operation.body === undefined) {
    if (given !== undefined && given !== null && given !== '') problems.push('"body": this operation takes none');
    return undefined;
  }
  if (given === undefined || given === null) {
    problems.push(`"body" (${operation.body}) is needed`);
    return undefined;
  }
  return checkValue(operation.body, given, 'body', { model, problems, depth: 0 });
}

interface Walk {
  readonly model: ModelOf;
  readonly problems: string[];
  readonly depth: number;
}

/** Deeper than any model of the API nests without naming itself again. */
const depthMax = 24;

/** A value of a type of the catalogue; problems are told with the path to where they are. */
function checkValue(type: string, given: unknown, path: string, walk: Walk): Json {
  const refuse = (expected: string): Json => {
    walk.problems.push(`"${path}" ${expected}`);
    return null;
  };
  if (walk.depth > depthMax) return refuse('nests too deeply');
  if (given === null && path !== 'body') return null;
  const inner = { ...walk, depth: walk.depth + 1 };
  if (type.endsWith('[]')) {
    return listOf(given).map((item, index) => checkValue(type.slice(0, -2), item, `${path}[${index}]`, inner));
  }
  if (type === 'any') return jsonOf(given);
  const value = typeof given === 'string' && /^\s*\{/.test(given) ? (parsedJson(given) ?? given) : given;
  if (type.endsWith('{}')) {
    if (!isRecord(value)) return refuse('must be an object');
    return mapped(value, (name, item) => [name, checkValue(type.slice(0, -2), item, `${path}.${name}`, inner)]);
  }
  const description = walk.model(type);
  if (description === undefined || description.values !== undefined) {
    const checked =
      description?.values === undefined ? checkScalar(type, given) : checkMember(description.values, given);
    return checked.kind === 'value'
      ? checked.value
      : refuse(checked.kind === 'problem' ? checked.problem : 'is missing');
  }
  if (!isRecord(value)) return refuse(`must be an object (${type})`);
  return checkModel(description, value, path, inner);
}

function checkModel(
  description: ModelDescription,
  value: Readonly<Record<string, unknown>>,
  path: string,
  walk: Walk,
): Json {
  const properties = propertiesOf(description, walk.model);
  const names = Object.keys(properties);
  const at = path === 'body' ? '' : `${path.replace(/^body\./, '')}.`;
  const result = mapped(value, (name, item) => {
    const known = spelt(name, names);
    const type = known === undefined ? undefined : properties[known];
    if (known === undefined || type === undefined) {
      const near = nearestName(name, names);
      const hint =
        near === undefined
          ? `; ${description.name} has ${names.slice(0, namesShown).join(', ')}`
          : `; did you mean "${at}${near}"?`;
      walk.problems.push(`"${at}${name.slice(0, nameCharactersMax)}" is unknown${hint}`);
      return [name, null];
    }
    return [known, checkValue(type, item, `${at}${known}`, walk)];
  });
  for (const name of requiredOf(description, walk.model)) {
    const there = isRecord(result) ? result[name] : undefined;
    if (there === undefined || there === null || there === '') walk.problems.push(`"${at}${name}" (string) is needed`);
  }
  return result;
}

const namesShown = 15;

/** Enumerations inside a body: by name, several names of flags parted by commas, or the number behind them. */
function checkMember(values: readonly string[], value: unknown): Checked {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return taken(value);
  if (typeof value !== 'string' || !value.includes(',')) return checkChoice(values, value);
  const names = value.split(',').map((name) => spelt(name.trim(), values));
  return names.includes(undefined) ? problem(`must be one of ${values.join(', ')}`) : taken(names.join(', '));
}

/** All properties of a model, its ancestors' first. Pure. */
export function propertiesOf(description: ModelDescription, model: ModelOf): Readonly<Record<string, string>> {
  return Object.assign({}, ...lineage(description, model).map(({ properties }) => properties));
}

function requiredOf(description: ModelDescription, model: ModelOf): readonly string[] {
  return lineage(description, model).flatMap(({ required }) => required);
}

const ancestorsMax = 10;

function lineage(description: ModelDescription, model: ModelOf): readonly ModelDescription[] {
  const line = [description];
  for (let parent = description.extends; parent !== undefined && line.length < ancestorsMax; ) {
    const found = model(parent);
    if (found === undefined) break;
    line.unshift(found);
    parent = found.extends;
  }
  return line;
}

/** The known name that this is, whatever its letter case. */
function spelt(name: string, known: readonly string[]): string | undefined {
  return known.includes(name) ? name : known.find((one) => one.toLowerCase() === name.toLowerCase());
}

function mapped(
  record: Readonly<Record<string, unknown>>,
  map: (name: string, value: unknown) => readonly [string, Json],
): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => map(name, value)));
}

/** What came as an argument came as JSON; of what is not, nothing is left. */
function jsonOf(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that is no JSON is just a text.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
