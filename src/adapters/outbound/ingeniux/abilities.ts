import { DomainError } from '../../../domain/errors.ts';
import type { Abilities } from '../../../domain/model/site.ts';
import type { TransitionActionKind } from '../../../domain/model/workflow.ts';
import type { CmsWorkflow } from '../../../domain/ports/cms/workflow.ts';
import type { operations } from './catalogue/index.ts';
import type { ServiceLayer, ServiceMethod } from './services/probe.ts';

/** The two drivers; `services` stands on top of `rest` and is switched on by the operator. */
export type Driver = 'rest' | 'services';

/** One way to do something, and everything that the CMS must serve for it. */
export type AbilityWay<How extends string> = { readonly how: How } & (
  | {
      readonly driver: 'rest';
      readonly operations: readonly (keyof typeof operations)[];
      /** What a transition of a workflow of the site must do. */
      readonly transition?: TransitionActionKind;
    }
  | { readonly driver: 'services'; readonly methods: readonly ServiceMethod[] }
);

/**
 * How each ability comes about (gaps section 1): the ways, the best one first. REST v1 writes text only by find and
 * replace; it publishes and unmarks only where a workflow of the site has a transition that does.
 */
export const abilityWays: { readonly [A in keyof Abilities]: readonly AbilityWay<Exclude<Abilities[A], 'none'>>[] } = {
  editFields: [
    { how: 'services', driver: 'services', methods: ['PageCommandsServices.Save'] },
    {
      how: 'find-replace',
      driver: 'rest',
      operations: ['Site_GenerateTextSearchReport', 'Site_ReplaceReportEntry'],
    },
  ],
  submitPublish: [{ how: 'workflow', driver: 'rest', operations: ['Pages_AdvanceWorkflow'], transition: 'publish' }],
  discardPageCheckout: [{ how: 'services', driver: 'services', methods: ['PageCommandsServices.UndoCheckout'] }],
  unmark: [
    {
      how: 'services',
      driver: 'services',
      methods: ['MarkForPublishServices.MarkPages', 'MarkForPublishServices.GetPageMarks'],
    },
    { how: 'workflow', driver: 'rest', operations: ['Pages_AdvanceWorkflow'], transition: 'unmark_for_publish' },
  ],
  schedulePublish: [],
  cancelPublish: [],
  rollBack: [
    { how: 'services', driver: 'services', methods: ['PageCommandsServices.Save'] },
    {
      how: 'find-replace',
      driver: 'rest',
      operations: ['Site_GenerateTextSearchReport', 'Site_ReplaceReportEntry'],
    },
  ],
  createBySchema: [{ how: 'services', driver: 'services', methods: ['SiteTreeServices.CreateNewPage'] }],
};

export interface AbilityFacts {
  readonly workflow: CmsWorkflow;
  /** What the service layer offers; `undefined` when it is off or not there. */
  readonly layer: ServiceLayer | undefined;
  /** Ids of the operations in the CMS's own API description; `undefined` when it is not served. */
  readonly operationIds: ReadonlySet<string> | undefined;
}

/** What this CMS can do: for each ability the first way of which it serves everything. */
export async function probeAbilities({ workflow, layer, operationIds }: AbilityFacts): Promise<Abilities> {
  const kinds = await actionKinds(workflow);
  const isServed = (way: AbilityWay<string>): boolean =>
    way.driver === 'services'
      ? way.methods.every((method) => layer?.methods.has(method) === true)
      : // A CMS that does not tell its operations is taken to have those of its contract.
        way.operations.every((id) => operationIds?.has(id) ?? true) &&
        (way.transition === undefined || kinds.has(way.transition));
  const best = <How extends string>(ways: readonly AbilityWay<How>[]): How | 'none' =>
    ways.find(isServed)?.how ?? 'none';
  return {
    editFields: best(abilityWays.editFields),
    submitPublish: best(abilityWays.submitPublish),
    discardPageCheckout: best(abilityWays.discardPageCheckout),
    unmark: best(abilityWays.unmark),
    schedulePublish: 'none',
    cancelPublish: 'none',
    rollBack: best(abilityWays.rollBack),
    createBySchema: best(abilityWays.createBySchema),
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
