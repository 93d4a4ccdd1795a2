import { guide } from './guide.ts';

/** Moving and renaming without losing anybody. */
export const restructureGuide = guide({
  name: 'restructure',
  title: 'Restructure a section',
  description: 'Move, rename, merge or retire pages without dead links and lost addresses.',
  tools: ['browse_tree', 'move_content', 'delete_content'],
  lines: (offers) => [
    '1. Map. browse_tree {"direction": "descendants"} of the section. Write down id, name and address of everything that will move.',
    offers('analyze_impact')
      ? '2. Impact. analyze_impact for each planned move, rename or deletion: links in and out, locks, live targets, blockers.'
      : '2. Impact. get_content {"include": ["references", "publish_state", "url"]} for each item that will move: who points to it, and where it is live.',
    '3. Plan. Show the user one table: item, old place, new place, old address, new address, redirect yes or no. Go on only after a yes to this table.',
    '4. Order. New parents first, then moves from the top down, then renames, deletions last. At most 10 items per call.',
    '5. Move. move_content answers the impact and a confirm token first. Compare it with the plan; when it names more than the plan did, stop and show it. Then repeat the call with the token.',
    '6. add_redirects: true keeps old addresses alive on each target. Leave it out only when the user says so.',
    '7. Links in text keep working when they point to ids; text that spells the address out does not. Read ingeniux://guide/fix-links.',
    '8. Retire. delete_content moves to the recycle folder with everything below. Never delete what still has references without a yes to each.',
    '9. Public sites show the old structure until the next publish. Say so, and list what has to be published.',
    '',
    'Undo: move back to the old parent; restore by moving out of the recycle folder. Redirects that were added stay: name them.',
    'LOCKED: somebody works on an item. Leave it out, tell the user who has it, finish the rest.',
  ],
});
