/**
 * Every key that this server keeps in Redis, and nothing else builds keys. README.md beside this file tells what is
 * kept under each of them and for how long.
 */
export const keys = {
  /** What every key begins with. */
  all: 'igx:',
  /** A key of a backup that is being restored, until it takes its place. */
  restoring: (key: string) => `igx:restoring:${key}`,

  /** The prefix of BullMQ: its keys are `igx:jobs:<queue>:…`, a job is the hash `igx:jobs:<queue>:<job key>`. */
  jobs: 'igx:jobs',
  /** A job that is being accepted: which definition of the id came first. */
  jobAcceptance: (jobKey: string) => `igx:job-acceptance:${jobKey}`,
  /** Numbers the accepted jobs, so that lists are in order of arrival. */
  jobSequence: 'igx:job-sequence',
  /** The round that a queue serves at a priority, and the last turns of the owners who wait beyond it. */
  jobTurns: (queueAndPriority: string) => `igx:job-turns:${queueAndPriority}`,
  /** Who runs behind a gate, who waits at it, and the gates at which somebody waits. */
  gate: (gate: string) => `igx:gate:${gate}`,
  gateWaiting: (gate: string) => `igx:gate-waiting:${gate}`,
  gates: 'igx:gates',
  /** The jobs of one subject, by their numbers. */
  jobsOfOwner: (owner: string) => `igx:jobs-of:${encodeURIComponent(owner)}`,

  /** A schedule, and the index of all of them by their next due time. */
  schedule: (id: string) => `igx:schedule:${encodeURIComponent(id)}`,
  schedules: 'igx:schedules',

  /** A token by the hash of its text, and the index of all tokens by their id. */
  token: (hash: string) => `igx:token:${hash}`,
  tokenIndex: 'igx:tokens',

  /** A lock, and the counter that all fences come from. */
  lock: (key: string) => `igx:lock:${key}`,
  lockFence: 'igx:lock-fence',

  /** The sealed CMS credential of a grant, and the set of the grants that have one. */
  credential: (grantId: string) => `igx:credential:${grantId}`,
  credentialIndex: 'igx:credentials',

  /** An expiring record. */
  record: (key: string) => `igx:record:${key}`,

  /** The data keys, sealed, by their ids. */
  dataKeys: 'igx:data-keys',

  /** A record of the authorization server, by kind and the hash of its id. */
  oauthRecord: (kind: string, hash: string) => `igx:oauth:${kind}:${hash}`,
  /** The hash of a record's id, by the hash of a further id that it is found by. */
  oauthRecordByUid: (kind: string, uidHash: string) => `igx:oauth-uid:${kind}:${uidHash}`,
  oauthRecordByUserCode: (kind: string, userCodeHash: string) => `igx:oauth-user-code:${kind}:${userCodeHash}`,
  /** The keys of the records of a grant. */
  oauthRecordsOfGrant: (grantId: string) => `igx:oauth-grant:${grantId}`,
  /** That a grant is revoked: nothing can be kept for it any more. */
  oauthRevokedGrant: (grantId: string) => `igx:oauth-revoked:${grantId}`,

  /** What a person gave a client, and the ids of all grants. */
  grant: (id: string) => `igx:grant:${id}`,
  grantIndex: 'igx:grants',

  /** A remembered read, and the version of a tag that remembered reads carry. */
  cached: (key: string) => `igx:cache:${key}`,
  cacheTag: (tag: string) => `igx:cache-tag:${tag}`,

  /** The version of all of this. */
  layout: 'igx:layout',

  /** That the operator has made every process read-only; absent where it is not so. */
  lockdown: 'igx:lockdown',

  /** The records of the audit log, oldest first, and the sequence number and hash of the last one. */
  audit: 'igx:audit',
  auditHead: 'igx:audit-head',

  /** The channel that carries domain events to the other processes. */
  events: 'igx:events',

  /** The counted calls of a user and client, or of a network. */
  rateLimit: (key: string) => `igx:rate:${encodeURIComponent(key)}`,
} as const;
