import { DomainError } from '../../../domain/errors.ts';
import type { Abilities } from '../../../domain/model/site.ts';
import type { TransitionActionKind } from '../../../domain/model/workflow.ts';
import type { CmsWorkflow } from '../../../domain/ports/cms/workflow.ts';
import type { ServiceLayer, ServiceMethod } from './services/probe.ts';

export interface AbilityFacts {
  readonly workflow: CmsWorkflow;
  /** What the service layer offers; `undefined` when it is off or not there. */
  readonly layer: ServiceLayer | undefined;
  /** Ids of the operations in the CMS's own API description; `undefined` when it is not served. */
  readonly operationIds: ReadonlySet<string> | undefined;
}

/**
 * What this CMS can do (gaps section 1). REST v1 writes text only by find and replace; it publishes and unmarks only
 * where a workflow of the site has a transition that does, so the definitions are the probe. The service layer adds
 * what the probe has found of it.
 */
export async function probeAbilities({ workflow, layer, operationIds }: AbilityFacts): Promise<Abilities> {
  const kinds = await actionKinds(workflow);
  const serves = (method: ServiceMethod): boolean => layer?.methods.has(method) === true;
  const replaces = operationIds === undefined || operationIds.has('Site_ReplaceReportEntry');
  const marks = serves('MarkForPublishServices.MarkPages') && serves('MarkForPublishServices.GetPageMarks');
  return {
    editFields: serves('PageCommandsServices.Save') ? 'services' : replaces ? 'find-replace' : 'none',
    submitPublish: kinds.has('publish') ? 'workflow' : 'none',
    discardPageCheckout: serves('PageCommandsServices.UndoCheckout') ? 'services' : 'none',
    unmark: marks ? 'services' : kinds.has('unmark_for_publish') ? 'workflow' : 'none',
    schedulePublish: 'none',
    cancelPublish: 'none',
    rollBack: serves('PageCommandsServices.Save') ? 'services' : 'none',
    createBySchema: serves('SiteTreeServices.CreateNewPage') ? 'services' : 'none',
  };
}

/** What transitions of the site do; nothing for a user who may not look at the definitions. */
async function actionKinds(workflow: CmsWorkflow): Promise<ReadonlySet<TransitionActionKind>> {
  try {
    const definitions = await workflow.definitions();
    const details = await Promise.all(definitions.map(({ id }) => workflow.definition(id)));
    const transitions = details.flatMap((definition) => definition?.transitions ?? []);
    return new Set(transitions.flatMap(({ actions }) => actions.map(({ kind }) => kind)));
  } catch (error) {
    // Whoever may not see the workflows can still edit; the other abilities must not fall with this one.
    if (error instanceof DomainError && error.code === 'FORBIDDEN') return new Set();
    throw error;
  }
}
