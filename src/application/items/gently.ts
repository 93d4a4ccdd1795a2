/** The CMS wants gentle clients: this many calls at a time (contract section 10). */
const atOnceMax = 4;

/** Does something for each of many, a few at a time, and answers in their order. The first failure ends it. */
export async function gently<T, R>(things: readonly T[], act: (thing: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < things.length; at += atOnceMax) {
    results.push(...(await Promise.all(things.slice(at, at + atOnceMax).map(act))));
  }
  return results;
}
