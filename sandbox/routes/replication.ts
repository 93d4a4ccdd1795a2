import { targetOf } from '../cms/publishing.ts';
import { assertNameIsFree, destinationOf, destinationsOf } from '../cms/replication.ts';
import { membersOf, type WireModel } from '../contract/contract.ts';
import { boundModel, boundModels, contractRoutes } from '../contract/contract-routes.ts';
import { type ApiCall, NO_CONTENT } from '../route.ts';
import { compactDate } from '../views/dates.ts';

/** Tag *Replication* of the contract. Destinations answer their passwords as they were saved, as the contract warns. */
export const replicationRoutes = contractRoutes({
  Replication_ReplicationTargets: (call) => destinationsOf(call.state, knownTarget(call)),
  Replication_ReplicationTarget: (call) =>
    destinationsOf(call.state, knownTarget(call)).find(({ Id }) => Id === call.query.text('replicationTargetId')) ??
    null,
  Replication_GetReplicationLogDetails: lastLog,
  Replication_GetReplicationTargetTypes: () =>
    (membersOf('ReplicationTargetType') ?? []).map((type) => ({ Name: TYPE_NAMES[type] ?? type, Type: type })),
  Replication_GetAwsRegionEndpoints: () =>
    AWS_REGIONS.map(([SystemName, DisplayName]) => ({ DisplayName, SystemName })),
  Replication_CreateReplicationTarget: (call) => add(call, { ...boundModel(call), Id: null }),
  Replication_UpdateReplicationTarget: (call) => change(call, boundModel(call)),
  Replication_SetReplicationTargets: setAll,
  Replication_DeleteReplicationTarget(call) {
    const destination = destinationOf(call.state, knownTarget(call), call.query.text('replicationTargetId'));
    remove(call, [destination]);
    return NO_CONTENT;
  },
  Replication_UploadCertificate: (call) => keepKeyFile(call, 'Certificates'),
  Replication_UploadPrivateKey: (call) => keepKeyFile(call, 'PrivateKeys'),
});

function knownTarget(call: ApiCall): string {
  return targetOf(call.state, call.query.text('publishingTargetId')).id;
}

function add(call: ApiCall, model: WireModel): WireModel {
  targetOf(call.state, String(model['PublishingTargetId']));
  assertNameIsFree(call.state, model);
  call.state.counters.administration += 1;
  const stamp = { Created: call.now, CreationUser: call.user.userId };
  const destination = { ...model, ...stamp, Id: `ReplicationTargets/${call.state.counters.administration}` };
  call.state.administration.replication.destinations.push(stampChange(call, destination));
  return destination;
}

function change(call: ApiCall, model: WireModel): WireModel {
  const destination = destinationOf(call.state, String(model['PublishingTargetId']), String(model['Id']));
  assertNameIsFree(call.state, model);
  const { Created, CreationUser } = destination;
  return stampChange(call, Object.assign(destination, model, { Created, CreationUser }));
}

function stampChange(call: ApiCall, destination: WireModel): WireModel {
  return Object.assign(destination, { LastModified: call.now, LastModifiedUser: call.user.userId });
}

function remove(call: ApiCall, doomed: WireModel[]): void {
  const { replication } = call.state.administration;
  replication.destinations = replication.destinations.filter((destination) => !doomed.includes(destination));
}

/** The given list becomes the whole one: without an id a destination is new, and what is not named goes away. */
function setAll(call: ApiCall): WireModel[] {
  const targetId = knownTarget(call);
  const models = boundModels(call).map((model): WireModel => ({ ...model, PublishingTargetId: targetId }));
  // Every id is looked up first, so that a wrong one changes nothing.
  const kept = models.filter((model) => model['Id']).map(({ Id }) => destinationOf(call.state, targetId, String(Id)));
  remove(
    call,
    destinationsOf(call.state, targetId).filter((destination) => !kept.includes(destination)),
  );
  return models.map((model) => (model['Id'] ? change(call, model) : add(call, model)));
}

/** `ReplicationCompleteLogModel` of the contract: the last copy to a destination; null when there was none. */
function lastLog(call: ApiCall) {
  const id = call.query.text('replicationTargetId');
  const log = call.state.administration.replication.logs.find(({ destinationId }) => destinationId === id);
  if (!log) return null;
  return {
    PublishingTargetID: log.targetId,
    ReplicationTargetID: log.destinationId,
    StartTime: log.startTime,
    TotalTimeSeconds: log.seconds,
    CancelledByUser: false,
    Replicated: log.error === null ? log.itemIds.length : 0,
    Removed: 0,
    Skipped: log.error === null ? 0 : log.itemIds.length,
    ReplicatedItems: log.error === null ? log.itemIds.map((Path) => ({ Path, ChangeType: 'Changed' })) : [],
    SkippedItems:
      log.error === null ? [] : log.itemIds.map((Path) => ({ Path, ChangeType: 'Changed', Reason: log.error })),
    StoppingError: log.error,
  };
}

/** Keeps a name only; the answer is the path on the server that a destination then names. */
async function keepKeyFile(call: ApiCall, folder: string): Promise<string> {
  const file = await call.body.file();
  const path = `App_Data/${folder}/${compactDate(call.now).replace(/\W/g, '')}-${file.name}`;
  call.state.administration.replication.keyFiles.push(path);
  return path;
}

const TYPE_NAMES: Record<string, string> = {
  File: 'File system',
  Azure: 'Azure Blob Storage',
  AWS: 'Amazon S3',
  Robo: 'Robocopy',
};

const AWS_REGIONS = [
  ['us-east-1', 'US East (N. Virginia)'],
  ['us-east-2', 'US East (Ohio)'],
  ['us-west-2', 'US West (Oregon)'],
  ['eu-west-1', 'Europe (Ireland)'],
  ['eu-central-1', 'Europe (Frankfurt)'],
] as const;
