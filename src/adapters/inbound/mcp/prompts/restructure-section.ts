import type { Prompt } from './prompt.ts';

/** Moves and renames without dead ends. */
export const restructureSectionPrompt: Prompt = {
  name: 'restructure_section',
  title: 'Restructure a section',
  description: 'Plan moves, renames and retirements of a section, show the impact, and carry them out with redirects.',
  tools: ['browse_tree', 'get_content', 'move_content', 'delete_content'],
  arguments: [
    { name: 'section', description: 'Top of the section: id, site path or URL', required: true, completes: 'page' },
    { name: 'goal', description: 'What should be different afterwards', required: true },
  ],
  write: ({ section, goal }, offers) =>
    [
      'Restructure a section of the site.',
      '',
      `Section: ${section}`,
      `Goal: ${goal}`,
      '',
      'Work in this order (details: resource ingeniux://guide/restructure):',
      '1. browse_tree with all descendants. Propose a new tree beside the old one, with the reason for each change. Fewer moves are better.',
      offers('analyze_impact')
        ? '2. analyze_impact for each change: who links there, where it is live, who holds it; get_content where that is not enough.'
        : '2. get_content (references, publish_state, url) for each item that changes: who links there, where it is live, who holds it.',
      '3. Show me one table: item, old place and address, new place and address, redirect, risk. Wait for my yes to it.',
      '4. move_content from the top down, at most 10 items per call. Its first answer is the impact: when it holds more than the table, stop and show me.',
      '5. delete_content only for what I named, into the recycle folder.',
      '6. At the end: what moved, which redirects exist, which texts still spell out an old address, what has to be published, how to undo it.',
    ].join('\n'),
};
