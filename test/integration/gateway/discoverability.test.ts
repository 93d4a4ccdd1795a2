import { describe, expect, it } from 'vitest';
import { createOperationCatalogue } from '../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { heldOutAgentRequests } from './held-out-agent-requests.ts';
import { heldOutRequests } from './held-out-requests.ts';

/** How many answers an agent is expected to read before it words its search differently. */
const readAnswers = 3;

/** The least share of requests that must find their operation among the answers read. */
const leastHitRate = 0.8;

const catalogue = createOperationCatalogue();

describe.each([
  ['held-out requests of people', heldOutRequests, 80],
  ['held-out requests of agents', heldOutAgentRequests, 83],
])('%s', (title, requests, count) => {
  it('are different ones, name operations that exist and cover every tag', () => {
    expect(new Set(requests.map(({ request }) => request)).size).toBe(count);
    const named = requests.flatMap(({ operations }) => operations);
    expect(named.filter((id) => catalogue.find(id) === undefined)).toEqual([]);
    expect(new Set(named.map((id) => catalogue.find(id)?.tag))).toEqual(new Set(catalogue.all().map(({ tag }) => tag)));
    expect(requests.filter(({ operations }) => operations.length < 1 || operations.length > 3)).toEqual([]);
  });

  it(`find their operation among the first ${readAnswers} in at least ${leastHitRate * 100} of 100 cases`, () => {
    const misses = requests.flatMap(({ request, operations }) => {
      const found = catalogue.search(request).map(({ id }) => id);
      const hit = found.slice(0, readAnswers).some((id) => operations.includes(id));
      return hit ? [] : [describeMiss(request, operations, found)];
    });
    const hitRate = 1 - misses.length / requests.length;
    const report = `${title}: ${requests.length - misses.length} of ${requests.length} in the first ${readAnswers} (${hitRate.toFixed(3)})\n`;
    // Printed also when it passes: a rate that sinks towards its bound should be seen before it falls below.
    process.stdout.write(report);
    expect(hitRate, `${report}${misses.join('\n')}`).toBeGreaterThanOrEqual(leastHitRate);
  });
});

function describeMiss(request: string, wanted: readonly string[], found: readonly string[]): string {
  const ranks = found.flatMap((id, at) => (wanted.includes(id) ? [at + 1] : []));
  const best = ranks[0] === undefined ? 'not found' : `found at ${ranks[0]}`;
  return `- "${request}": wanted ${wanted.join(' or ')} (${best}), got ${found.slice(0, readAnswers).join(', ')}`;
}
