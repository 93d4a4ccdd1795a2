import type { Prompt } from './prompt.ts';

/** What happened, what waits, what is stuck. */
export const weeklyReportPrompt: Prompt = {
  name: 'weekly_report',
  title: 'Weekly report',
  description: 'What changed, what waits for whom, what went live and what is stuck. Changes nothing.',
  tools: ['get_context', 'search_content', 'list_work', 'get_publish_status'],
  arguments: [
    { name: 'section', description: 'Only this section: id, site path or URL', required: false, completes: 'page' },
    { name: 'user', description: 'Whose work; empty for everybody', required: false, completes: 'user' },
    { name: 'target', description: 'Publishing target; empty for all', required: false, completes: 'target' },
    { name: 'days', description: 'How many days back; empty for 7', required: false },
  ],
  write: ({ section, user, target, days }, offers) =>
    [
      'Write a report of the last days. Change nothing.',
      '',
      `Section: ${section ?? 'the whole site'}`,
      `People: ${user ?? 'everybody'}`,
      `Target: ${target ?? 'all'}`,
      `Days: ${days ?? '7'}`,
      '',
      'Work in this order:',
      '1. get_context: alerts, content freeze, last publish per target.',
      '2. search_content with modified_after: what changed. Follow next_cursor up to 100 items, and say when there were more.',
      '3. list_work: what waits for whom, in which state, since when; what has waited longer than the days above.',
      '4. get_publish_status: results and errors of the last publishes, what is marked and not live yet.',
      ...(offers('get_analytics') ? ['5. get_analytics: visits, and the pages that rose or fell most.'] : []),
      '',
      'Then write half a page: the three things a lead editor must know; changed; live; waiting, by person; stuck, with what would free it. Give ids and paths. No praise, no filler; say what you could not see.',
    ].join('\n'),
};
