import type { SandboxRole } from './people.ts';

/**
 * One checked-in version in a page's history. Its content is the current content with each text of `differences` put back
 * to what it was; the last version of a history changes nothing.
 */
export type HistoryRow = {
  date: string;
  role: SandboxRole;
  comment: string;
  differences: [now: string, was: string][];
};

const fee = 'The application fee for 2025 is $60.';
const tuition = 'Undergraduate tuition for the academic year 2025-2026 is $31,200.';
const running = 'All services are running.';
const termHours = 'Monday to Thursday 8 a.m. to midnight';

/** Pages with a history of their own, oldest version first; every other page gets one by rule. */
export const histories: Record<string, HistoryRow[]> = {
  'admissions/tuition': [
    {
      date: '2025-01-09T10:12:00Z',
      role: 'author',
      comment: 'Imported from the previous site',
      differences: [
        [fee, 'The application fee for 2024 is $55.'],
        [tuition, 'Undergraduate tuition for the academic year 2024-2025 is $31,200.'],
      ],
    },
    {
      date: '2025-02-03T14:30:00Z',
      role: 'editor',
      comment: 'Fee for 2025',
      differences: [[tuition, 'Undergraduate tuition for the academic year 2024-2025 is $31,200.']],
    },
    { date: '2025-06-16T09:05:00Z', role: 'editor', comment: 'Tuition for 2025-2026', differences: [] },
  ],
  'admissions/deadlines': [
    {
      date: '2025-01-09T10:48:00Z',
      role: 'author',
      comment: 'Imported from the previous site',
      differences: [
        ['November 1, 2025', 'November 1, 2024'],
        ['January 15, 2026', 'January 15, 2025'],
      ],
    },
    { date: '2025-07-01T08:20:00Z', role: 'author', comment: 'Dates for the coming year', differences: [] },
  ],
  'library/hours': [
    {
      date: '2025-01-13T11:00:00Z',
      role: 'author',
      comment: 'Imported from the previous site',
      differences: [
        [termHours, 'Monday to Thursday 9 a.m. to 10 p.m.'],
        ['Saturday and Sunday 10 a.m. to 8 p.m.', 'Saturday and Sunday closed'],
      ],
    },
    {
      date: '2025-09-08T15:40:00Z',
      role: 'editor',
      comment: 'Weekend hours',
      differences: [[termHours, 'Monday to Thursday 8 a.m. to 10 p.m.']],
    },
    { date: '2026-02-27T13:15:00Z', role: 'editor', comment: 'Open until midnight', differences: [] },
  ],
  'services/it/service-status': [
    outage('2025-03-02T06:10:00Z', 'The e-mail service is being repaired.'),
    outage('2025-03-02T09:30:00Z', running),
    outage('2025-06-11T13:05:00Z', 'The wireless network in Birch Hall is down.'),
    outage('2025-06-11T17:45:00Z', running),
    outage('2025-10-20T08:00:00Z', 'Enrollment is slow because many students enroll at once.'),
    outage('2025-10-21T16:20:00Z', running),
    outage('2026-01-18T07:15:00Z', 'Printing in the library does not work.'),
    outage('2026-01-18T12:00:00Z', running),
  ],
};

function outage(date: string, sentence: string): HistoryRow {
  const isOver = sentence === running;
  return {
    date,
    role: isOver ? 'editor' : 'author',
    comment: isOver ? 'Service restored' : 'Outage',
    differences: isOver ? [] : [[running, sentence]],
  };
}
