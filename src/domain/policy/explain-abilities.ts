import type { Abilities } from '../model/site.ts';

/** One ability of the CMS as agents and people read it. */
export interface ExplainedAbility {
  readonly ability: keyof Abilities;
  /** How the CMS does it; `none` = not at all over its API. */
  readonly how: string;
  readonly possible: boolean;
  /** What that means: limits, or the reason and the nearest possible action. */
  readonly meaning: string;
}

/** Every ability with its reason. The CMS's REST API lacks some operations; what stands in for them has limits. */
export function explainAbilities(abilities: Abilities): readonly ExplainedAbility[] {
  // Object.keys forgets that it answers the keys of the very table it is given.
  return (Object.keys(abilityMeanings) as (keyof Abilities)[]).map((ability) => {
    const how = abilities[ability];
    const texts: Readonly<Record<string, string>> = abilityMeanings[ability];
    return { ability, how, possible: how !== 'none', meaning: texts[how] ?? '' };
  });
}

/** Every ability and every way of it; a new way does not compile without its words. */
export const abilityMeanings: { readonly [A in keyof Abilities]: Readonly<Record<Abilities[A], string>> } = {
  editFields: {
    'find-replace':
      'Text that is there can be replaced. Empty fields, lists, references, dates and switches cannot be changed: prepare the change for a person to enter.',
    services:
      'All fields that editors enter can be changed: empty ones, lists, references, dates and switches too. Every write is read back.',
    none: 'Fields cannot be changed over this connection: prepare the change for a person to enter.',
  },
  submitPublish: {
    workflow:
      'A publish starts through a workflow transition that publishes; items outside of such a workflow can be marked, and a person starts the publish.',
    none: 'No workflow of this site publishes and the API starts none: mark the items by checking in, and a person starts the publish.',
  },
  discardPageCheckout: {
    services: 'A page check-out can be undone (discard_checkout).',
    none: 'The API cannot undo the check-out of a page: check it in, or ask a person to undo it in the CMS.',
  },
  unmark: {
    workflow: 'Marks are taken off by a workflow transition that does so.',
    services: 'Marks can be taken off directly.',
    none: 'Marks cannot be taken off over the API: ask a person to do it in the CMS.',
  },
  schedulePublish: {
    none: 'The CMS schedules no publish over its API.',
  },
  cancelPublish: {
    none: 'A publish that the CMS has accepted cannot be cancelled over its API: ask a person with the publish monitor.',
  },
  rollBack: {
    services: 'The values of an older version can be written again (edit_content with restore_version).',
    'find-replace':
      'An older version can be written again (edit_content with restore_version) where it differs in text alone; otherwise nothing is written, and the answer names the fields.',
    none: 'Nothing of an older version can be written: compare the versions and prepare the old text for a person to enter.',
  },
  createBySchema: {
    services: 'A page can be created of any schema, also without a creation rule.',
    none: 'Pages are created by the creation rules of the site: create_page names them.',
  },
};
