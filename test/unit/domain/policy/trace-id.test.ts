import { expect, it } from 'vitest';
import { traceIdOf } from '../../../../src/domain/policy/trace-id.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

it.each([`00-${id}-${span}-01`, `00-${id}-${span}-00`, `cc-${id}-${span}-01-what-comes-later`])(
  'finds the trace in %s',
  (text) => {
    expect(traceIdOf(text)).toBe(id);
  },
);

it.each([
  undefined,
  7,
  '',
  id,
  `ff-${id}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${id}-${'0'.repeat(16)}-01`,
  `00-${id.toUpperCase()}-${span}-01`,
  `00-${id}-${span}-01\r\nX-Forged: 1`,
  `00-${id.slice(1)}-${span}-01`,
])('finds none in %j', (text) => {
  expect(traceIdOf(text)).toBeUndefined();
});
