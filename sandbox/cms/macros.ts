import { CmsException } from '../exceptions.ts';
import { requireRight } from './access.ts';
import type { Actor } from './actor.ts';
import { submitPublish } from './publishing.ts';

/** Code of the site's own that an administrator starts by name. */
export type Macro = { id: string; name: string; description: string; run(actor: Actor): void };

/** The two macros that the site came with. */
export const macros: Macro[] = [
  {
    id: 'PublishChanges',
    name: 'Publish what changed',
    description: 'Queues an incremental publish of every target.',
    run(actor) {
      for (const { id } of actor.state.publishingTargets) {
        submitPublish(actor, {
          targetId: id,
          rootItemId: null,
          includeChildren: true,
          incremental: true,
          forcedIncremental: false,
        });
      }
    },
  },
  {
    id: 'ObserveAlerts',
    name: 'Mark all alerts as seen',
    description: 'Marks every alert as seen by the caller.',
    run({ state, user }) {
      for (const alert of state.alerts) alert.observedBy = [...new Set([...alert.observedBy, user.id])];
    },
  },
];

/** @throws CmsException (HttpResponseException) for an unknown macro. */
export function runMacro(actor: Actor, id: string): void {
  requireRight(actor, 'IGX_USER_RIGHT_ADMIN');
  const macro = macros.find((candidate) => candidate.id === id);
  if (!macro) throw new CmsException('HttpResponseException', `There is no macro ${id}.`);
  macro.run(actor);
}

/** What the hooks of the site look like; source code, as the CMS gives it out. */
export const hookSource = `// Hooks of Northfield University
CSAPI.on('afterCheckIn', page => CSAPI.log('checked in ' + page.id));
`;
