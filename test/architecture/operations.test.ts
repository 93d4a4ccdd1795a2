import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { dashboards } from '../../scripts/dashboards/index.ts';
import { expressions } from '../support/expressions.ts';
import { projectRoot } from '../support/source-tree.ts';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const filesOf = (folder: string): string[] => readdirSync(join(projectRoot, folder)).sort();

interface Alert {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** The alerts of the rule files. They are written in one form, so that a few patterns read them. */
const alerts: readonly Alert[] = filesOf('ops/prometheus/rules').flatMap((file) =>
  read('ops/prometheus/rules', file)
    .split(/^ {6}- /m)
    .flatMap((text) => {
      const name = /^alert: (\w+)/.exec(text)?.[1];
      return name === undefined ? [] : [{ name, file, text }];
    }),
);

describe('alerts', () => {
  it('are all of the operations guide and more', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(35);
    expect(alerts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['HighErrorRate', 'AuthenticationFailures', 'HighMemoryUsage']),
    );
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });

  it.each(alerts)('$name tells what it is, how bad, and what to do', ({ name, text }) => {
    expect(text).toMatch(/severity: (page|critical|warning|ticket|none)\n/);
    expect(text).toMatch(/summary: \S.{10,}/);
    expect(text).toMatch(/description: \S.{10,}/);
    expect(text).toContain(`runbook_url: docs/runbooks/${name}.md`);
    expect(read('docs/runbooks', `${name}.md`)).toMatch(new RegExp(`^# ${name}\\n[\\s\\S]*## Look[\\s\\S]*## Mend`));
  });

  it.each(alerts)('$name has a test that it fires and one that it stays silent', ({ name, file }) => {
    const tests = read('ops/prometheus/tests', file.replace(/\.yml$/, '.test.yml'));
    if (name === 'Watchdog') return expect(tests).toContain('Watchdog always fires');
    expect(tests).toContain(`'${name} fires: `);
    expect(tests).toContain(`'${name} stays silent: `);
  });

  it('have a runbook each, listed, and no runbook is left over', () => {
    const names = alerts.map(({ name }) => name).sort();
    expect(filesOf('docs/runbooks').filter((file) => file !== 'README.md')).toEqual(names.map((name) => `${name}.md`));
    const list = read('docs/runbooks/README.md');
    expect(names.filter((name) => !list.includes(`[${name}](${name}.md)`))).toEqual([]);
  });

  it('inhibit only alerts that there are', () => {
    const patterns = [...read('ops/alertmanager/alertmanager.yml').matchAll(/alertname =~? "?([\w|.*]+)"?/g)].flatMap(
      ([, text = '']) => text.split('|'),
    );
    expect(patterns.length).toBeGreaterThan(5);
    const unknown = patterns.filter((pattern) => !alerts.some(({ name }) => new RegExp(`^${pattern}$`).test(name)));
    expect(unknown).toEqual([]);
  });
});

const panels = Object.entries(dashboards).flatMap(([file, table]) =>
  table.rows.flatMap((row) => row.panels.map((panel) => ({ file, title: panel.title, panel }))),
);

describe('dashboards', () => {
  it('are seven, with their files', () => {
    expect(Object.keys(dashboards)).toHaveLength(7);
    expect(filesOf('ops/grafana/dashboards')).toEqual(
      Object.keys(dashboards)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it.each(panels)(
    '$file: "$title" is described, has a unit, and asks for one job and chosen processes',
    ({ panel }) => {
      expect(panel.description.length).toBeGreaterThan(10);
      expect(panel.unit).not.toBe('');
      expect(panel.queries.length).toBeGreaterThan(0);
      for (const { expr } of panel.queries) {
        for (const [series] of expr.matchAll(/\{[^}]*\}/g)) {
          expect(series).toContain('job="$job"');
          expect(series).toContain('instance=~"$instance"');
        }
        // A fixed window shows gaps or smears, depending on the zoom; only service levels have windows of their own.
        if (!expr.includes('status_code=~"5.."')) expect(expr).not.toMatch(/\[\d+[smhd]\]/);
      }
    },
  );

  it.each(Object.keys(dashboards))(
    '%s: cannot be edited in place, and takes its data source from a variable',
    (name) => {
      const json = JSON.parse(read('ops/grafana/dashboards', `${name}.json`)) as {
        editable: boolean;
        templating: { list: { name: string; type: string }[] };
        panels: { type: string; datasource?: { uid: string }; gridPos: { x: number; w: number } }[];
      };
      expect(json.editable).toBe(false);
      expect(json.templating.list.map((variable) => variable.name)).toEqual(['datasource', 'job', 'instance']);
      for (const panel of json.panels.filter(({ type }) => type !== 'row')) {
        expect(panel.datasource?.uid).toBe('$datasource');
        expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      }
    },
  );
});

describe('PromQL', () => {
  it.each(expressions)('%s parses: %s', (_where, expression) => {
    const errors: string[] = [];
    parser.parse(expression).iterate({
      enter: (node) => {
        if (node.type.isError) errors.push(expression.slice(Math.max(0, node.from - 20), node.to + 20));
      },
    });
    expect(errors).toEqual([]);
  });
});

describe('what operators are told to read', () => {
  it('is there', () => {
    for (const file of [
      'ops/nginx/nginx.conf',
      'ops/haproxy/haproxy.cfg',
      'otel-collector.yaml',
      'docker-compose.yml',
    ]) {
      expect(existsSync(join(projectRoot, file))).toBe(true);
    }
  });
});

describe('what is said to be tested', () => {
  const pages = filesOf('docs/operations');
  const named = pages.flatMap((page) =>
    [...read('docs/operations', page).matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => ({ page, path })),
  );

  it('is tested by files that there are', () => {
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ path }) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('leaves out no test of operations', () => {
    const told = new Set(named.map(({ path }) => path));
    expect(filesOf('test/operations').filter((file) => !told.has(`test/operations/${file}`))).toEqual([]);
  });

  it('has a line for each goal', () => {
    const goals = [...read('docs/operations/verified.md').matchAll(/^\| ([RS]\d+) \|/gm)].map(([, goal]) => goal);
    const numbers = (letter: string, last: number) => Array.from({ length: last }, (_, n) => `${letter}${n + 1}`);
    expect(goals).toEqual([...numbers('R', 26), ...numbers('S', 12)]);
  });
});
