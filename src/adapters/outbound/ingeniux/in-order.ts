/** Things in the order in which their ids were asked for; unknown ids are left out. Pure. */
export function inOrderOf<T extends { readonly id: string }>(
  ids: readonly string[],
  things: readonly (T | null)[],
): readonly T[] {
  const byId = new Map(things.filter((thing) => thing !== null).map((thing) => [thing.id, thing]));
  return ids.map((id) => byId.get(id)).filter((thing) => thing !== undefined);
}
