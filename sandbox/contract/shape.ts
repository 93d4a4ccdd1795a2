import { FileAnswer, NO_CONTENT } from '../route.ts';
import { NEVER } from '../views/dates.ts';
import { entryType, isModel, membersOf, type Operation, propertiesOf, type WireModel } from './contract.ts';

/**
 * A complete model of the contract: the given values, and for every other property null, or the zero value where the
 * type knows no null.
 * @throws Error for a property the contract's model does not have, so that a slip cannot reach a caller.
 */
export function shape(model: string, values: WireModel = {}): WireModel {
  const properties = propertiesOf(model);
  const unknown = Object.keys(values).filter((name) => !properties.some((property) => property.name === name));
  if (unknown.length > 0) throw new Error(`${model} has no property ${unknown.join(', ')}.`);
  return Object.fromEntries(
    properties.map(({ name, type, nonNull }) => [name, values[name] ?? (nonNull ? zeroOf(type) : null)]),
  );
}

/** The value of a type that has none of its own: 0, false, the first member, the year 1. */
export function zeroOf(type: string): unknown {
  if (type in ZEROS) return ZEROS[type];
  if (entryType(type) !== null) return [];
  if (type.startsWith('map<')) return {};
  return membersOf(type)?.[0] ?? (isModel(type) ? shape(type) : null);
}

const ZEROS: Record<string, unknown> = {
  string: '',
  bool: false,
  int: 0,
  long: 0,
  number: 0,
  date: NEVER,
  guid: '00000000-0000-0000-0000-000000000000',
};

/** The plainest answer an operation may give: what a site has that never used the area. */
export function plainAnswer(operation: Operation): unknown {
  if (operation.answer === '-') return NO_CONTENT;
  if (operation.answer === 'file') return emptyFile(operation.operationId);
  if (operation.answer === 'bool') return true;
  return isModel(operation.answer) ? withEmptyLists(operation.answer) : zeroOf(operation.answer);
}

/** The lists of an answer are empty rather than null: a page of a list without entries is still a page of a list. */
function withEmptyLists(model: string): WireModel {
  const lists = propertiesOf(model).filter(({ type }) => entryType(type) !== null);
  return shape(model, Object.fromEntries(lists.map(({ name }) => [name, []])));
}

/** A file without content, of the type a browser would be told. */
function emptyFile(operationId: string): FileAnswer {
  const type = FILE_TYPES[operationId] ?? 'application/octet-stream';
  return new FileAnswer(type, type === 'application/zip' ? EMPTY_ZIP : '');
}

/** The end record of an archive, which is all that an archive without entries has. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

const FILE_TYPES: Record<string, string> = {
  Assets_DownloadAssetOwnersCsv: 'text/csv; charset=utf-8',
  Assets_DownloadAssetDependentsCsv: 'text/csv; charset=utf-8',
  Configuration_GetFlag: 'image/png',
  DITA_DownloadDITAMapsCsv: 'text/csv; charset=utf-8',
  DITA_DownloadMap: 'application/zip',
  InsiteSearch_ImportCsv: 'text/csv; charset=utf-8',
  InsiteSearch_ImportSynonyms: 'text/csv; charset=utf-8',
  Logs_GetCMSLogArchives: 'application/zip',
  Logs_GetCMSLogFile: 'text/plain; charset=utf-8',
  Preview_DownloadLog: 'text/plain; charset=utf-8',
  Themes_Less: 'text/css; charset=utf-8',
  Themes_Scss: 'text/css; charset=utf-8',
};
