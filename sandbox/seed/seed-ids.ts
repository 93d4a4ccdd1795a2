/** Ids that several tables of the seed name: users, groups, workflows, work states and publishing targets. */
export const seedIds = {
  users: {
    admin: 'User/mokafor',
    publisher: 'User/dreyes',
    editor: 'User/praman',
    author: 'User/tlindqvist',
    viewer: 'User/gwhitfield',
  },
  groups: {
    administrators: 'UserGroup/1',
    contentTeam: 'UserGroups/1',
    editors: 'UserGroups/2',
    publishers: 'UserGroups/3',
    newsDesk: 'UserGroups/33',
    viewers: 'UserGroups/34',
  },
  states: {
    draft: 'WorkStates/1',
    inReview: 'WorkStates/2',
    approved: 'WorkStates/3',
    published: 'WorkStates/4',
  },
  workflows: {
    webPublishing: 'WorkflowDefinitions/33',
    newsFastTrack: 'WorkflowDefinitions/34',
  },
  targets: {
    production: 'PublishingTargets/1',
    staging: 'PublishingTargets/2',
    intranet: 'PublishingTargets/33',
  },
} as const;
