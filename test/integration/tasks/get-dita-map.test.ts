import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ditaNumbers } from '../../../sandbox/seed/dita-rows.ts';
import { getDitaMap } from '../../../src/application/tasks/dita/get-dita-map.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const handbook = `a/${ditaNumbers.handbookMap}`;
const labSafety = `a/${ditaNumbers.labSafetyMap}`;

describe('get_dita_map', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('lists maps by the ids of their assets, with where they stand', async () => {
    const answer = await harness.run(getDitaMap, {});
    expect(answer.total).toBe(3);
    expect(answer.maps?.find(({ id }) => id === handbook)).toMatchObject({
      name: 'student-handbook.ditamap',
      path: 'Assets / DITA / Student Handbook',
      checked_out: false,
      marked_for: ['Production', 'Staging'],
    });
    expect((await harness.run(getDitaMap, { query: 'lab' })).maps).toEqual([
      expect.objectContaining({ id: labSafety, checked_out: true }),
    ]);
  });

  it('shows a tree as an outline: found by name, with inner maps, what is out and what is missing', async () => {
    const answer = await harness.run(getDitaMap, { map: 'Student-Handbook' });
    expect(answer.outline?.split('\n').slice(0, 4)).toEqual([
      `Student Handbook (${handbook})`,
      `  Welcome to Northfield (a/${ditaNumbers.welcomeTopic})`,
      `    Register for Courses (a/${ditaNumbers.registrationTopic})`,
      '      Drop a Course (a/105)',
    ]);
    expect(answer.outline).toContain('\n    Quiet Hours (a/109)');
    expect(answer.topics).toBe(9);
    const safety = await harness.run(getDitaMap, { map: labSafety });
    expect(safety.outline).toContain(`Fume Hoods (a/${ditaNumbers.checkedOutTopic}) !`);
    expect(safety.outline).toContain('old-chemicals.dita ?');
  });

  it('finds a map by its bare number too, and names what comes near an unknown one', async () => {
    expect((await harness.run(getDitaMap, { map: String(ditaNumbers.handbookMap) })).map?.id).toBe(handbook);
    const refusal = await harness.refusal(getDitaMap, { map: 'Nothing' });
    expect(refusal).toMatchObject({ code: 'NOT_FOUND', candidates: [{ id: labSafety }, {}, {}] });
  });

  it('shows details, formats, filters and what is in a map', async () => {
    expect(await harness.run(getDitaMap, { map: labSafety, part: 'details' })).toMatchObject({
      fields: [
        { label: 'Audience', value: 'Faculty and staff' },
        { label: 'Owner', value: 'Office of the Registrar' },
      ],
      checked_out_to_others: 2,
    });
    expect(await harness.run(getDitaMap, { part: 'formats' })).toMatchObject({
      formats: expect.arrayContaining([{ id: 'html5', name: 'HTML5', selected: true }]),
      ditavals: [
        { id: String(ditaNumbers.staffDitaval), name: 'staff.ditaval' },
        { id: String(ditaNumbers.studentsDitaval), name: 'students.ditaval' },
      ],
    });
    const { dependents } = await harness.run(getDitaMap, { map: labSafety, part: 'dependents' });
    expect(dependents).toContainEqual({ name: 'old-chemicals.dita', relation: 'topicref', broken: true });
    expect(dependents).toContainEqual(expect.objectContaining({ relation: 'ditavalref', name: 'staff.ditaval' }));
  });

  it('tells a CMS that cannot do DITA from one without maps', async () => {
    harness.state.dita.javaInstalled = false;
    try {
      const refusal = await harness.refusal(getDitaMap, {});
      expect(refusal.code).toMatch(/^CMS_/);
      expect(JSON.stringify(refusal.details)).toContain('Java');
    } finally {
      harness.state.dita.javaInstalled = true;
    }
  });
});
