import type { WireModel } from '../contract/contract.ts';
import type { SandboxState } from '../model.ts';

/**
 * Lists of settings that the sandbox only keeps: nothing it does depends on them, so they stay as the wire had them.
 * A key is the area and what the list belongs to.
 */
export function keptList(state: SandboxState, ...key: string[]): WireModel[] | null {
  return state.administration.keptLists[keyOf(key)] ?? null;
}

export function keepList(state: SandboxState, key: string[], list: WireModel[]): void {
  state.administration.keptLists[keyOf(key)] = list;
}

/** All lists of an area by the rest of their keys. */
export function keptListsOf(state: SandboxState, area: string): [key: string[], list: WireModel[]][] {
  return Object.entries(state.administration.keptLists)
    .map(([key, list]): [string[], WireModel[]] => [key.split(SEPARATOR), list])
    .filter(([key]) => key[0] === area);
}

/** Occurs in no id. */
const SEPARATOR = ' | ';

const keyOf = (key: string[]) => key.join(SEPARATOR);
