import { expect, it } from 'vitest';
import type { PublishLog } from '../../../../src/domain/model/publishing.ts';
import { nearMs, type PublishFacts, whosePublish } from '../../../../src/domain/policy/whose-publish.ts';

const triedMs = Date.UTC(2031, 4, 6, 8);
const at = (ms: number): string => new Date(ms).toISOString();
const log: PublishLog = {
  id: 'log/1',
  targetId: 'PublishingTargets/1',
  targetName: 'Production',
  userName: 'Priya Raman',
  submittedAt: at(triedMs + 200),
  incremental: false,
  failedCount: 0,
  pagesPublished: 0,
  assetsPublished: 3,
  entries: [],
};
const facts: PublishFacts = {
  triedAtMs: [triedMs - 3 * nearMs, triedMs],
  claimedLogIds: ['log/0'],
  userName: 'Priya Raman',
  nowMs: triedMs + 1_000,
};
const { userName: _userName, ...ofNobody } = facts;
const { submittedAt: _submittedAt, ...timeless } = log;
const dayLater = { nowMs: triedMs + 144 * nearMs };

it.each<[string, PublishLog, PublishFacts, ReturnType<typeof whosePublish>]>([
  ['submitted as it tried', log, facts, 'own'],
  ['submitted as it tried earlier', { ...log, submittedAt: at(triedMs - 3 * nearMs) }, facts, 'own'],
  ['submitted as it tried, looked at a day later', log, { ...facts, ...dayLater }, 'own'],
  ['with a clock that differs', { ...log, submittedAt: at(triedMs - nearMs) }, facts, 'own'],
  ['in another zone', { ...log, submittedAt: '2031-05-06T10:00:01+02:00' }, facts, 'own'],
  ['where the CMS does not tell who is asking', log, ofNobody, 'own'],
  ['without a user', { ...log, userName: '' }, facts, 'own'],
  ['at a time without a zone, looked at soon', { ...log, submittedAt: '2031-05-06T01:00:00' }, facts, 'own'],
  ['at no time, looked at soon', timeless, facts, 'own'],
  ['that another job has found to be its own', log, { ...facts, claimedLogIds: ['log/1'] }, 'other'],
  ['submitted long after', { ...log, submittedAt: at(triedMs + nearMs + 1) }, facts, 'other'],
  ['submitted before', { ...log, submittedAt: at(triedMs - 2 * nearMs + 1) }, facts, 'other'],
  ['by somebody else', { ...log, userName: 'Daniel Reyes' }, facts, 'unclear'],
  [
    'at a time without a zone, looked at later',
    { ...log, submittedAt: '2031-05-06T08:00:00' },
    { ...facts, ...dayLater },
    'unclear',
  ],
  ['at no time, looked at later', timeless, { ...facts, ...dayLater }, 'unclear'],
])('a publish %s', (_what, given, known, whose) => {
  expect(whosePublish(given, known)).toBe(whose);
});
