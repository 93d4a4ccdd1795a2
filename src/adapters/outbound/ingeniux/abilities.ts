import type { Abilities } from '../../../domain/model/site.ts';
import type { TransitionActionKind } from '../../../domain/model/workflow.ts';
import type { CmsWorkflow } from '../../../domain/ports/cms/workflow.ts';

/**
 * What REST v1 can do on this site (gaps section 1). It writes text only by find and replace; it publishes and unmarks
 * only where a workflow of the site has a transition that does, so the definitions are the probe.
 */
export async function probeAbilities(workflow: CmsWorkflow): Promise<Abilities> {
  const definitions = await workflow.definitions();
  const details = await Promise.all(definitions.map(({ id }) => workflow.definition(id)));
  const kinds = new Set<TransitionActionKind>(
    details
      .flatMap((definition) => definition?.transitions ?? [])
      .flatMap(({ actions }) => actions.map(({ kind }) => kind)),
  );
  return {
    editFields: 'find-replace',
    submitPublish: kinds.has('publish') ? 'workflow' : 'none',
    discardPageCheckout: 'none',
    unmark: kinds.has('unmark_for_publish') ? 'workflow' : 'none',
    schedulePublish: 'none',
    cancelPublish: 'none',
    rollBack: 'none',
  };
}
