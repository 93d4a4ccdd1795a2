import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyTask } from '../../src/application/define-task.ts';
import { tasks } from '../../src/application/tasks/index.ts';
import { readModules } from '../support/source-tree.ts';

const catalogue: readonly AnyTask[] = tasks;
const shared = ['index.ts', 'parameters.ts', 'views.ts'];

/** The tools of the first walk; a later issue adds to them, none goes. */
const promised = [
  'get_context',
  'search_content',
  'browse_tree',
  'get_content',
  'describe_schema',
  'compare_versions',
  'create_page',
  'edit_content',
  'move_content',
  'delete_content',
  'check_in_content',
  'list_work',
  'advance_workflow',
  'publish_content',
  'get_publish_status',
  'get_job',
  'cancel_job',
];

describe('the catalogue of tasks', () => {
  it('holds every promised task', () => {
    expect(catalogue.map((task) => task.name)).toEqual(expect.arrayContaining(promised));
  });

  it('is the list of task files: one task, one file, one line', () => {
    const files = readModules('src/application/tasks')
      .map((module) => module.path)
      .filter((path) => path.split('/').length > 4 && !shared.includes(basename(path)))
      .map((path) => basename(path, '.ts').replaceAll('-', '_'));
    expect(files.sort()).toEqual(catalogue.map((task) => task.name).sort());
  });

  it.each(catalogue.map((task) => [task.name, task] as const))('%s is complete', (_name, task) => {
    expect(task.name).toMatch(/^[a-z]+(?:_[a-z]+)+$/);
    expect(task.title.length).toBeGreaterThan(2);
    expect(task.summary.length).toBeGreaterThan(40);
    expect(task.summary.length).toBeLessThan(900);
    expect(task.scopes.length).toBeGreaterThan(0);
    if (task.effect === 'read') {
      expect(task.heedsFreeze).toBe(false);
      expect(task.scopes).toEqual(task.toolset === 'admin' ? ['cms:read', 'cms:admin'] : ['cms:read']);
    }
    if (task.impact !== undefined) {
      expect(task.effect).toBe('destructive');
      expect(task.input.shape).toHaveProperty('confirm');
      expect(task.publishesOutputSchema).toBe(false);
    }
  });

  it.each(catalogue.map((task) => [task.name, task] as const))(
    '%s describes its arguments and needs no schema union at the root',
    (_name, task) => {
      const schema = z.toJSONSchema(task.input, { io: 'input' });
      expect(schema.type).toBe('object');
      expect(schema.anyOf ?? schema.oneOf ?? schema.allOf).toBeUndefined();
      const undescribed = Object.entries(schema.properties ?? {}).filter(
        ([name, property]) =>
          typeof property === 'object' && property.description === undefined && !obvious.includes(name),
      );
      expect(undescribed.map(([name]) => name)).toEqual([]);
      expect(task.input.safeParse({ no_such_argument: 1 }).success).toBe(false);
    },
  );

  it.each(catalogue.map((task) => [task.name, task] as const))(
    '%s names no other tool in its summary',
    (name, task) => {
      expect(
        catalogue
          .filter((other) => other.name !== name && task.summary.includes(other.name))
          .map((other) => other.name),
      ).toEqual([]);
    },
  );
});

/** Arguments whose name says it all. */
const obvious: readonly string[] = [];
