import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ApiDescription } from '../../../sandbox/swagger.ts';
import type { Abilities } from '../../../src/domain/model/site.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type IngeniuxStage, openIngeniuxStage } from './ingeniux-stage.ts';

async function on(
  options: Parameters<typeof openIngeniuxStage>[0],
  services: boolean,
  act: (stage: IngeniuxStage) => Promise<void>,
): Promise<void> {
  const stage = await openIngeniuxStage(options, { services });
  try {
    await act(stage);
  } finally {
    await stage.close();
  }
}

/** The first table of the reference: for each ability the ways of the two drivers, best first. */
function documentedWays(): readonly {
  readonly ability: string;
  readonly rest: string[];
  readonly services: string[];
}[] {
  const text = readFileSync(new URL('../../../docs/reference/abilities.md', import.meta.url), 'utf8');
  const table = text.slice(0, text.indexOf('## '));
  const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return [...table.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(([, ability = '', rest = '', services = '']) => ({
    ability,
    rest: names(rest),
    services: names(services),
  }));
}

const snake = (abilities: Abilities) =>
  Object.fromEntries(
    Object.entries(abilities).map(([name, how]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      how,
    ]),
  );

describe('docs/reference/abilities.md', () => {
  const rows = documentedWays();

  test.each(['rest', 'services'] as const)(
    'says what the %s driver answers on a CMS that serves everything',
    (driver) =>
      on(driver === 'services' ? { services: {} } : {}, driver === 'services', async (stage) => {
        const answered = snake(await stage.as().site.abilities());
        expect(Object.fromEntries(rows.map((row) => [row.ability, row[driver][0]]))).toEqual(answered);
      }),
  );

  test('says what is left where the CMS lacks the methods of the best way', () =>
    on(
      { services: { without: ['PageCommandsServices.Save', 'MarkForPublishServices.GetPageMarks'] } },
      true,
      async (stage) => {
        const answered = snake(await stage.as().site.abilities());
        for (const { ability, services } of rows) {
          const isTouched = ['edit_fields', 'roll_back', 'unmark'].includes(ability);
          expect(answered[ability], ability).toBe(services[isTouched ? 1 : 0]);
        }
      },
    ));
});

describe("the CMS's own description of its API", () => {
  const whole = { editFields: 'find-replace', submitPublish: 'workflow', unmark: 'workflow' };

  test.each<[string, Partial<ApiDescription>, object, string]>([
    ['is served to everybody', {}, whole, '10.6.378'],
    ['needs a token', { access: 'token' }, whole, '10.6.378'],
    ['is not served: the version of the product is told instead', { access: 'none' }, whole, '10.6.378'],
    ['is that of another version', { version: '10.5.94' }, whole, '10.5.94'],
    [
      'has no find and replace',
      { without: ['Site_ReplaceReportEntry'] },
      { ...whole, editFields: 'none', rollBack: 'none' },
      '10.6.378',
    ],
    [
      'advances no workflow',
      { without: ['Pages_AdvanceWorkflow'] },
      { editFields: 'find-replace', submitPublish: 'none', unmark: 'none' },
      '10.6.378',
    ],
  ])('%s', (_title, apiDescription, abilities, version) =>
    on({ apiDescription }, false, async (stage) => {
      expect(await stage.as().site.abilities()).toMatchObject(abilities);
      expect(await stage.as().site.apiVersion()).toBe(version);
    }),
  );

  test('is read again an hour later, when the CMS may have been upgraded', async () => {
    const clock = createFakeClock(Date.now());
    const stage = await openIngeniuxStage({ services: {} }, { services: true, clock });
    try {
      const { site } = stage.as();
      expect((await site.abilities()).createBySchema).toBe('services');
      stage.sandbox.apiDescription.version = '10.7.1';
      stage.sandbox.services?.without.push('SiteTreeServices.CreateNewPage');
      expect([await site.apiVersion(), (await site.abilities()).createBySchema]).toEqual(['10.6.378', 'services']);
      clock.advance(3_600_001);
      expect([await site.apiVersion(), (await site.abilities()).createBySchema]).toEqual(['10.7.1', 'none']);
    } finally {
      await stage.close();
    }
  });
});
