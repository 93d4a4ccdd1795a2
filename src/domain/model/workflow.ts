/** Where an item stands in its workflow. */
export interface WorkflowStatus {
  readonly workflowId: string;
  readonly definitionId: string;
  readonly definitionName: string;
  readonly stateId: string;
  readonly stateName: string;
  readonly groupName?: string;
  readonly comment: string;
  readonly locked: boolean;
}

/** A transition out of the item's current state. */
export interface Transition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly nextStateName: string;
  readonly groupName?: string;
  readonly defaultUserId?: string;
  readonly isDefault: boolean;
  /** Publishing targets that the transition names. */
  readonly targetIds: readonly string[];
  /** The CMS's own client would open a dialog here, which an agent cannot. */
  readonly opensDialog: boolean;
}

/** A definition with what its transitions do. */
export interface WorkflowDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly transitions: readonly DefinedTransition[];
}

export interface DefinedTransition {
  readonly id: string;
  readonly name: string;
  readonly fromState: string;
  readonly toState: string;
  readonly actions: readonly TransitionAction[];
}

/** What a transition does besides changing the state, in order. */
export interface TransitionAction {
  readonly kind: TransitionActionKind;
  readonly description: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `EnumActionType` of the CMS in its order: the wire carries the position as `ActionTypeId`. */
export const transitionActionKinds = [
  'mark_for_publish',
  'unmark_for_publish',
  'check_in',
  'check_out',
  'publish',
  'custom',
  'group_mail',
  'external_client',
  'set_lifetime',
  'archive',
  'bridge',
  'revert',
] as const;
export type TransitionActionKind = (typeof transitionActionKinds)[number] | 'unknown';

/** One line of somebody's worklist. */
export interface WorkItem {
  readonly itemId: string;
  readonly name: string;
  readonly kind: 'page' | 'component' | 'asset' | 'other';
  readonly schemaName?: string;
  readonly checkedOut: boolean;
  readonly assignedTo?: string;
  readonly workflowName?: string;
  readonly stateName?: string;
  /** As the CMS prints it. */
  readonly changedAt?: string;
  readonly comment?: string;
}
