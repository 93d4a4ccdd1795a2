import type {
  WorkflowAction,
  WorkflowActionType,
  WorkflowDefinition,
  WorkflowTransition,
  Workstate,
} from '../model.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** The work states, shared by both workflows. Published is inactive: its items are nobody's open work. */
export function seedWorkstates(): Workstate[] {
  return stateRows.map(([id, name, description, active], index) => ({
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin),
    id,
    name,
    description,
    active,
    icon: index + 1,
  }));
}

/**
 * Two workflows. No transition publishes to the Intranet on purpose: people publish that target from the
 * administration area, so an agent has to say that it cannot.
 */
export function seedWorkflowDefinitions(): WorkflowDefinition[] {
  return [
    definition(seedIds.workflows.webPublishing, 'Web Publishing', 'Write, review, publish.', webPublishing),
    definition(
      seedIds.workflows.newsFastTrack,
      'News Fast Track',
      'The news desk publishes without a review.',
      newsFastTrack,
    ),
  ];
}

const { groups, states, targets } = seedIds;

const stateRows: [id: string, name: string, description: string, active: boolean][] = [
  [states.draft, 'Draft', 'Somebody is writing.', true],
  [states.inReview, 'In Review', 'An editor has to read it.', true],
  [states.approved, 'Approved', 'Ready to be published.', true],
  [states.published, 'Published', 'The content is live.', false],
];

type ActionRow = [type: WorkflowActionType, description: string, attributes: Record<string, string>];

type TransitionRow = {
  name: string;
  description: string;
  from: string | null;
  to: string;
  nextGroupId: string | null;
  isDefault?: boolean;
  actions?: ActionRow[];
};

const checkIn: ActionRow = ['IGX_ACTION_CHECKIN', 'Check in', {}];
const checkOut: ActionRow = ['IGX_ACTION_CHECKOUT', 'Check out', {}];

const publishTo = (targetId: string, targetName: string): ActionRow[] => [
  ['IGX_ACTION_MARK_FOR_PUBLISH', `Mark for ${targetName}`, { PublishingTargets: targetId }],
  [
    'IGX_ACTION_REPUBLISH',
    `Publish the item to ${targetName}`,
    { PublishingTarget: targetId, Incremental: 'true', IncludeChildren: 'false' },
  ],
];

const toProduction = publishTo(targets.production, 'Production');
const toStaging = publishTo(targets.staging, 'Staging');

const webPublishing: TransitionRow[] = [
  {
    name: 'Start',
    description: 'Puts a new page into the workflow.',
    from: null,
    to: states.draft,
    nextGroupId: groups.contentTeam,
    isDefault: true,
  },
  {
    name: 'Submit for review',
    description: 'Checks the page in and hands it to the editors.',
    from: states.draft,
    to: states.inReview,
    nextGroupId: groups.editors,
    isDefault: true,
    actions: [checkIn, ['IGX_ACTION_GROUP_NOTIFICATION_MAIL', 'Tell the editors', { GroupId: groups.editors }]],
  },
  {
    name: 'Approve',
    description: 'The text is right; it can be published at any time.',
    from: states.inReview,
    to: states.approved,
    nextGroupId: groups.editors,
    actions: [checkIn],
  },
  {
    name: 'Approve and publish',
    description: 'Checks in, marks and publishes to Production.',
    from: states.inReview,
    to: states.published,
    nextGroupId: groups.contentTeam,
    isDefault: true,
    actions: [checkIn, ...toProduction],
  },
  {
    name: 'Reject',
    description: 'Back to the authors, with a comment.',
    from: states.inReview,
    to: states.draft,
    nextGroupId: groups.contentTeam,
  },
  {
    name: 'Publish to staging',
    description: 'Shows the page on Staging; the review goes on.',
    from: states.inReview,
    to: states.inReview,
    nextGroupId: groups.editors,
    actions: [checkIn, ...toStaging],
  },
  {
    name: 'Publish',
    description: 'Marks and publishes the approved page to Production.',
    from: states.approved,
    to: states.published,
    nextGroupId: groups.contentTeam,
    isDefault: true,
    actions: [checkIn, ...toProduction],
  },
  {
    name: 'Publish again',
    description: 'Checks in, marks and publishes the newest version to Production.',
    from: states.published,
    to: states.published,
    nextGroupId: groups.contentTeam,
    isDefault: true,
    actions: [checkIn, ...toProduction],
  },
  {
    name: 'Publish again to staging',
    description: 'Checks in, marks and publishes the newest version to Staging.',
    from: states.published,
    to: states.published,
    nextGroupId: groups.contentTeam,
    actions: [checkIn, ...toStaging],
  },
  {
    name: 'Revise',
    description: 'Checks the page out for a larger change; the live version stays.',
    from: states.published,
    to: states.draft,
    nextGroupId: groups.contentTeam,
    actions: [checkOut],
  },
];

const newsFastTrack: TransitionRow[] = [
  {
    name: 'Start',
    description: 'Puts a new article into the workflow.',
    from: null,
    to: states.draft,
    nextGroupId: groups.contentTeam,
    isDefault: true,
  },
  {
    name: 'Publish now',
    description: 'Checks in, marks and publishes the article to Production.',
    from: states.draft,
    to: states.published,
    nextGroupId: groups.contentTeam,
    isDefault: true,
    actions: [checkIn, ...toProduction],
  },
  {
    name: 'Publish again',
    description: 'Checks in, marks and publishes the newest version to Production.',
    from: states.published,
    to: states.published,
    nextGroupId: groups.contentTeam,
    isDefault: true,
    actions: [checkIn, ...toProduction],
  },
  {
    name: 'Revise',
    description: 'Checks the article out for a correction.',
    from: states.published,
    to: states.draft,
    nextGroupId: groups.contentTeam,
    actions: [checkOut],
  },
  {
    name: 'Withdraw',
    description: 'Takes the marks away, so that the next full publish leaves the article out.',
    from: states.published,
    to: states.draft,
    nextGroupId: groups.contentTeam,
    actions: [['IGX_ACTION_UNMARK_FOR_PUBLISH', 'Remove all marks', { PublishingTargets: '' }]],
  },
];

function definition(id: string, name: string, description: string, rows: TransitionRow[]): WorkflowDefinition {
  const transitions = rows.map((row, index) => transition(`WorkflowTransition_${id}_${index + 1}`, row));
  return {
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin, '2025-06-02T09:00:00Z'),
    id,
    name,
    description,
    transitions,
  };
}

function transition(id: string, row: TransitionRow): WorkflowTransition {
  return {
    id,
    name: row.name,
    description: row.description,
    fromStateId: row.from,
    toStateId: row.to,
    isDefault: row.isDefault ?? false,
    nextGroupId: row.nextGroupId,
    defaultUserId: null,
    allowNextGroupToAdvance: false,
    assignToGroupOnly: false,
    disallowDefaultUserOverride: false,
    trigger: row.from === null ? 'IGX_ONCREATE' : 'IGX_ONCHANGE',
    toolbarIcon: row.name.toLowerCase().replaceAll(' ', '-'),
    bridgeToDefinitionId: null,
    beforeAdvanceUrl: null,
    afterAdvanceUrl: null,
    actions: (row.actions ?? []).map(
      ([type, description, attributes], index): WorkflowAction => ({
        id: `${id}_action_${index + 1}`,
        type,
        description,
        attributes: { ...attributes },
      }),
    ),
  };
}
