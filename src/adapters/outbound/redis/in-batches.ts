/** So many answers are there well within the time that one command has, on a busy machine, too. */
const batchMax = 500;

/**
 * Asks one thing for each item, a few hundred at a time: a command's time runs from when it is sent, and of ten thousand
 * that are sent at once the last ones wait for all the others.
 */
export async function inBatches<I, A>(items: readonly I[], ask: (item: I) => Promise<A>): Promise<readonly A[]> {
  const answers: A[] = [];
  for (let at = 0; at < items.length; at += batchMax) {
    answers.push(...(await Promise.all(items.slice(at, at + batchMax).map(ask))));
  }
  return answers;
}
