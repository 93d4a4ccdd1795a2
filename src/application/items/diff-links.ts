import type { TextLink } from './visible-text.ts';

/** One link that came, went, or leads elsewhere now. */
export interface LinkDifference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: TextLink;
  readonly after?: TextLink;
}

/** Which links differ: first those with the same words are paired, then those to the same place. Order does not count. */
export function diffLinks(before: readonly TextLink[], after: readonly TextLink[]): readonly LinkDifference[] {
  let added = [...after];
  const removed: TextLink[] = [];
  const take = (fits: (link: TextLink) => boolean): TextLink | undefined => {
    const at = added.findIndex(fits);
    const [taken] = at === -1 ? [] : added.slice(at, at + 1);
    if (taken !== undefined) added = added.toSpliced(at, 1);
    return taken;
  };
  for (const link of before) {
    if (take((other) => other.text === link.text && other.target === link.target) === undefined) removed.push(link);
  }
  const unpaired: TextLink[] = [];
  const differences: LinkDifference[] = [];
  for (const link of removed) {
    const partner = take((other) => other.text === link.text);
    if (partner === undefined) unpaired.push(link);
    else differences.push({ change: 'changed', before: link, after: partner });
  }
  for (const link of unpaired) {
    const partner = take((other) => other.target === link.target);
    differences.push(
      partner === undefined ? { change: 'removed', before: link } : { change: 'changed', before: link, after: partner },
    );
  }
  return [...differences, ...added.map((link) => ({ change: 'added' as const, after: link }))];
}
