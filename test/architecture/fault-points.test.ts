import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkActions } from '../../src/application/bulk/bulk-order.ts';
import { jobs } from '../../src/application/jobs/index.ts';
import { apartFromCms, deaths, kindOf, kinds } from '../e2e/chaos/fault-points.ts';
import { projectRoot } from '../support/source-tree.ts';

/**
 * Every step of every kind of job is a place where a worker can die, and `test/e2e/chaos/fault-points.ts` lists them all.
 * So the names of steps are written where their job is, and begin with a word: `mark`, or `mark:${id}`.
 */
describe('the table of fault points', () => {
  const application = join(projectRoot, 'src/application');
  const files = readdirSync(application, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const calls = files.flatMap((file) =>
    stepsIn(readFileSync(join(application, file), 'utf8')).map((step) => ({ file, step })),
  );

  it('has a row for every kind of job', () => {
    const known = new Set([...Object.keys(kinds).map(kindOf), ...apartFromCms]);
    expect([...known].toSorted()).toEqual(jobs.map(({ kind }) => kind).toSorted());
  });

  it('has a row for every bulk action', () => {
    const rows = Object.keys(kinds).filter((row) => kindOf(row) === 'bulk_action');
    expect(rows.toSorted()).toEqual(bulkActions.map((action) => `bulk_${action}`).toSorted());
  });

  it('is gone through from end to end on each of the two storages by npm run test:chaos', () => {
    const kills = /CHAOS_KILLS'\] \?\?= '(\d+)'/.exec(
      readFileSync(join(projectRoot, 'scripts/test-chaos.mjs'), 'utf8'),
    );
    expect(deaths.length).toBeLessThanOrEqual(Number(kills?.[1]) / 2);
  });

  it.each([...new Set(Object.keys(kinds).map(kindOf))])('has every step of %s, and no other', (kind) => {
    const rows = Object.entries(kinds).filter(([row]) => kindOf(row) === kind);
    const steps = rows.flatMap(([, row]) => row.steps.filter((step) => row.borrowed?.includes(step) !== true));
    const own = calls.filter(({ file }) => isOf(kind, file));
    expect([...new Set(own.map(({ step }) => step))].toSorted()).toEqual([...new Set(steps)].toSorted());
  });

  it('finds every step: each is named by its own job, or changes nothing in the CMS', () => {
    // What people answered is read, not done.
    const elsewhere = ['following/ask.ts'];
    const places = calls.map(({ file }) => file).filter((file) => !elsewhere.includes(file));
    expect(places.filter((file) => !jobs.some(({ kind }) => isOf(kind, file)))).toEqual([]);
    expect(calls.filter(({ file, step }) => step === undefined && !elsewhere.includes(file))).toEqual([]);
    expect(places.length).toBeGreaterThan(5);
  });
});

/** Whether a file makes steps of a kind: its own, or one of the folder that it is spread over. */
function isOf(kind: string, file: string): boolean {
  return file === `jobs/${kind.replaceAll('_', '-')}.ts` || (kind === 'bulk_action' && file.startsWith('bulk/'));
}

/** The names of the steps that a source text makes; `call` is that of the call that a job makes of a task. */
function stepsIn(text: string): readonly (string | undefined)[] {
  const steps = [...text.matchAll(/\.step(?:<[^>]*>)?\(\s*(.{0,40})/g)];
  return [
    ...steps.map(([, name = '']) => /^['`]([a-z_]+)['`:]/.exec(name)?.[1]),
    ...(text.includes('run.perform(') ? ['call'] : []),
  ];
}
