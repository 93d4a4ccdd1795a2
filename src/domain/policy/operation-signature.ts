import type { ModelDescription, OperationDescription, OperationParameter } from '../model/operation.ts';
import { propertiesOf } from './operation-arguments.ts';

type ModelOf = (name: string) => ModelDescription | undefined;

/**
 * An operation as a line that programmers read without learning anything:
 * `Pages_GetChildren(id: string | null, startIndex?: integer = 0): PageModel[]`. `onlyRequired` leaves the rest out,
 * with `…` in its place. Pure.
 */
export function signatureOf(operation: OperationDescription, onlyRequired: boolean): string {
  const shown = operation.parameters.filter(({ required }) => required || !onlyRequired);
  const parts = [
    ...shown.map(parameterText),
    ...(operation.body === undefined ? [] : [`body: ${operation.body}`]),
    ...(shown.length < operation.parameters.length ? ['…'] : []),
  ];
  return `${operation.id}(${parts.join(', ')}): ${operation.answer}`;
}

function parameterText(parameter: OperationParameter): string {
  const choices = parameter.values?.map((value) => `'${value}'`).join(' | ');
  const one = choices ?? parameter.type.replace('[]', '');
  const type = parameter.type.endsWith('[]') ? (choices === undefined ? `${one}[]` : `(${choices})[]`) : one;
  const preset = parameter.default === undefined || parameter.default === '' ? '' : ` = ${parameter.default}`;
  const mayBeNull = parameter.required && parameter.nullable ? ' | null' : '';
  return `${parameter.name}${parameter.required ? '' : '?'}: ${type}${mayBeNull}${preset}`;
}

/** A type with its models written out, `depth` levels deep; below that they are only named. Pure. */
export function typeTextOf(type: string, depth: number, model: ModelOf): string {
  if (type.endsWith('[]')) return `${grouped(typeTextOf(type.slice(0, -2), depth, model))}[]`;
  if (type.endsWith('{}')) return `{ [key: string]: ${typeTextOf(type.slice(0, -2), depth, model)} }`;
  const description = model(type);
  if (description === undefined) return type;
  if (description.values !== undefined) return description.values.map((value) => `'${value}'`).join(' | ');
  if (depth === 0) return type;
  const properties = Object.entries(propertiesOf(description, model)).map(
    ([name, inner]) => `${name}: ${typeTextOf(inner, depth - 1, model)}`,
  );
  return properties.length === 0 ? '{}' : `{ ${properties.join('; ')} }`;
}

const grouped = (text: string): string => (text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text);
