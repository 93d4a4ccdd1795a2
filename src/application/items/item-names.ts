import type { Ports } from '../../domain/ports/index.ts';
import { readVisible } from './read-visible.ts';

/** Names for ids, each asked for once. */
export interface ItemNames {
  /** A value that is nothing but an id, such as `x42` or `a/5`, with the item's name before it; other texts as they are. */
  inText(text: string): Promise<string>;
}

export function createItemNames(ports: Pick<Ports, 'pages' | 'assets'>): ItemNames {
  const asked = new Map<string, Promise<string | undefined>>();
  return {
    async inText(text) {
      const id = /^(x\d+|af?\/\d+)(?:\.xml)?$/.exec(text.trim())?.[1];
      if (id === undefined) return text;
      const known = asked.get(id) ?? (asked.size < namesMax ? nameOf(id, ports) : Promise.resolve(undefined));
      asked.set(id, known);
      const name = await known;
      return name === undefined ? text : `${name} (${id})`;
    },
  };
}

/** Each name costs a call; what comes behind keeps its bare id. */
const namesMax = 30;

const nameOf = async (id: string, ports: Pick<Ports, 'pages' | 'assets'>): Promise<string | undefined> =>
  (await readVisible(id, ports))?.name;
