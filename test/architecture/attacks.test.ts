import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attacks } from '../e2e/oauth/attacks.ts';
import { projectRoot } from '../support/source-tree.ts';

const numbers = Array.from({ length: 85 }, (_, index) => index + 1);

describe('the 85 attacks on the authorization server', () => {
  it('are all in the table', () => {
    expect(Object.keys(attacks).map(Number)).toEqual(numbers);
  });

  it.each(numbers)('%i is refused by a test that carries its number', (number) => {
    const attack = attacks[number];
    if (attack === undefined) throw new Error('It is not in the table.');
    const text = readFileSync(join(projectRoot, 'test', attack.file), 'utf8');
    // Names of tests stand behind `describe`, `it` or `test` or the end of a table, on a line of their own, or first in a
    // row of a table.
    const names = [...text.matchAll(/\b(?:describe|it|test)\b[^\n]*|^\s+(?:\[|\]\)\()?['`][^\n]*/gm)].map(
      ([line]) => line,
    );
    const name = names.find((line) => line.includes(attack.test));
    expect(name, `${attack.file}: ${attack.test}`).toBeDefined();
    expect(numbersIn(name ?? '')).toContain(number);
    if (typeof attack.audit !== 'string') expect(attack.audit.length).toBeGreaterThan(0);
  });
});

/** The numbers that a name carries, "37 to 40" with all between. */
function numbersIn(name: string): readonly number[] {
  const ranges = [...name.matchAll(/(\d+) to (\d+)/g)].flatMap(([, from, to]) =>
    numbers.filter((number) => number >= Number(from) && number <= Number(to)),
  );
  return [...ranges, ...[...name.matchAll(/\d+/g)].map(Number)];
}
