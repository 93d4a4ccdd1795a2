import { guide } from './guide.ts';

/** Dead links and where they should lead. */
export const fixLinksGuide = guide({
  name: 'fix-links',
  title: 'Fix links',
  description: 'Find links that lead nowhere, decide where they should lead, change them safely.',
  tools: ['search_content', 'get_content', 'edit_content', 'check_in_content'],
  lines: (offers) => [
    offers('run_report')
      ? '1. Find. run_report makes the report of broken links; follow its job with get_job and page through its rows.'
      : '1. Find. get_content {"include": ["references", "markdown"]} page by page: points_to lists links by id, the Markdown shows spelled-out addresses. Read the targets in groups of 10: NOT_FOUND or recycled means broken.',
    '2. Sort. Group by target: one moved page explains many links. Kinds: target moved (point to its new place), target retired (point to its successor or take the link away), mistyped address, outside address (you cannot test it; ask).',
    '3. Decide. Look for the successor with search_content. Show the user a table: page, link text, leads to, should lead to. Never invent an address.',
    '4. Links by id (xID, such as x42) follow a page that moves. Use them instead of addresses when the field holds them already; keep the form that the field uses.',
    offers('find_and_replace') &&
      'The same address on many pages: find_and_replace lists the occurrences first; pick those that the user agreed to.',
    '5. Change. edit_content {"op": "replace_text"}: "find" is the whole href with some text around it, as stored, so that it occurs exactly once. dry_run the first one.',
    '6. Text of a link stays as it is unless it names what is gone.',
    offers('manage_redirects') &&
      'An old address that others link to from outside: manage_redirects, rather than an edit.',
    '7. check_in_content with a comment that names old and new target. What is live changes only with the next publish.',
    '',
    'LOCKED pages: list them with the holder for the user. Components are used on many pages: say how many (used_by_total) before you change one.',
  ],
});
