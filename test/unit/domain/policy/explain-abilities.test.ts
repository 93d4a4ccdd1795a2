import { describe, expect, it } from 'vitest';
import type { Abilities } from '../../../../src/domain/model/site.ts';
import { explainAbilities } from '../../../../src/domain/policy/explain-abilities.ts';

const rest: Abilities = {
  editFields: 'find-replace',
  submitPublish: 'workflow',
  discardPageCheckout: 'none',
  unmark: 'workflow',
  schedulePublish: 'none',
  cancelPublish: 'none',
  rollBack: 'find-replace',
  createBySchema: 'none',
};
const nothing: Abilities = { ...rest, editFields: 'none', submitPublish: 'none', unmark: 'none', rollBack: 'none' };
const services: Abilities = {
  ...rest,
  editFields: 'services',
  discardPageCheckout: 'services',
  unmark: 'services',
  rollBack: 'services',
  createBySchema: 'services',
};

describe('explainAbilities', () => {
  it.each([
    ['REST alone', rest],
    ['nothing at all', nothing],
    ['the service layer', services],
  ])('gives every ability a meaning: %s', (_name, abilities) => {
    const explained = explainAbilities(abilities);
    expect(explained.map(({ ability }) => ability).sort()).toEqual(Object.keys(abilities).sort());
    for (const each of explained) {
      expect(each.meaning.length).toBeGreaterThan(20);
      expect(each.possible).toBe(each.how !== 'none');
    }
  });
});
