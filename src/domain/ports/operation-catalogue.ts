import type { ModelDescription, OperationDescription } from '../model/operation.ts';

/**
 * What the CMS's API can do, as facts: the same for everybody, in memory, without a call.
 *
 * Laws:
 * - `all` answers each operation once, ordered by tag and then as the vendor orders them.
 * - `find` and `model` answer `undefined` for unknown names. Ids are matched to the letter.
 * - Every type that an operation or a model names is a scalar, an array of one, or the name of a model.
 */
export interface OperationCatalogue {
  all(): readonly OperationDescription[];
  /** Best first; those that share no word with the query are left out. */
  search(query: string): readonly OperationDescription[];
  find(id: string): OperationDescription | undefined;
  model(name: string): ModelDescription | undefined;
}
