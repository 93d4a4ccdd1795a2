import type { ReplicationTask } from '../administration.ts';
import type { WireModel } from '../contract/contract.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { PublishLog, SandboxState } from '../model.ts';
import { recordLine } from './system-log.ts';

/** Where each type of destination says what it copies to. */
const LOCATION_OF: Record<string, string> = {
  File: 'TargetLocation',
  Robo: 'TargetLocation',
  FTP: 'TargetAddress',
  FTPS: 'TargetAddress',
  SFTP: 'TargetAddress',
  Azure: 'Container',
  AWS: 'Bucket',
};

/** A copy is done after so many ticks. */
const TICKS_PER_COPY = 4;
const MAX_LOGS = 500;

/** The destinations of a publishing target, disabled ones included. */
export function destinationsOf(state: SandboxState, targetId: string): WireModel[] {
  return state.administration.replication.destinations.filter(
    ({ PublishingTargetId }) => PublishingTargetId === targetId,
  );
}

/** @throws CmsException (ArgumentException) for an id that the target does not have. */
export function destinationOf(state: SandboxState, targetId: string, id: string): WireModel {
  const destination = destinationsOf(state, targetId).find(({ Id }) => Id === id);
  if (!destination) throw invalidArgument(`${targetId} has no replication target ${id}.`, 'replicationTargetId');
  return destination;
}

/** @throws CmsException (InvalidOperationException) when the target has another destination of that name. */
export function assertNameIsFree(state: SandboxState, { Id, Name, PublishingTargetId }: WireModel): void {
  const namesakes = destinationsOf(state, String(PublishingTargetId)).filter((other) => other['Name'] === Name);
  if (namesakes.some((other) => other['Id'] !== Id)) {
    throw invalidOperation(`${PublishingTargetId} already has a replication target named ${Name}.`);
  }
}

/** Starts to copy what a publish has sent out. Without an enabled destination nothing happens. */
export function startReplication(state: SandboxState, log: PublishLog, now: string): void {
  const target = state.publishingTargets.find(({ id }) => id === log.targetId);
  const destinations = destinationsOf(state, log.targetId).filter(({ Disabled }) => Disabled !== true);
  if (!target?.replicationEnabled || destinations.length === 0 || log.error !== null) return;
  log.replication = { destinations: destinations.length, completionTime: null, failed: false };
  state.administration.replication.tasks.push({
    publishLogId: log.id,
    targetId: log.targetId,
    submitUserId: log.submitUserId,
    startTime: now,
    itemIds: log.entries.filter(({ success }) => success).map(({ itemId }) => itemId),
    sessions: destinations.map(({ Id }, index) => ({
      id: `${log.id}/sessions/${index + 1}`,
      destinationId: String(Id),
      percent: 0,
    })),
  });
}

/** One tick of all copies. */
export function replicationTick(state: SandboxState, now: string): void {
  const { replication } = state.administration;
  for (const task of replication.tasks) {
    for (const session of task.sessions.filter(({ percent }) => percent < 100)) {
      session.percent = Math.min(100, session.percent + 100 / TICKS_PER_COPY);
      if (session.percent === 100) endCopy(state, task, session.destinationId, now);
    }
  }
  const isDone = ({ sessions }: ReplicationTask) => sessions.every(({ percent }) => percent === 100);
  for (const task of replication.tasks.filter(isDone)) {
    const log = state.publishing.logs.find(({ id }) => id === task.publishLogId);
    if (log?.replication) log.replication.completionTime = now;
  }
  replication.tasks = replication.tasks.filter((task) => !isDone(task));
}

function endCopy(state: SandboxState, task: ReplicationTask, destinationId: string, now: string): void {
  const { replication } = state.administration;
  const destination = replication.destinations.find(({ Id }) => Id === destinationId);
  const location = destination?.[LOCATION_OF[String(destination['ReplicationTargetType'])] ?? ''];
  const error =
    destination && location ? null : `The destination ${destination?.['Name'] ?? destinationId} has no location.`;
  replication.logs.unshift({
    destinationId,
    targetId: task.targetId,
    startTime: task.startTime,
    seconds: Math.round((Date.parse(now) - Date.parse(task.startTime)) / 1000),
    itemIds: task.itemIds,
    error,
  });
  replication.logs.length = Math.min(replication.logs.length, MAX_LOGS);
  const log = state.publishing.logs.find(({ id }) => id === task.publishLogId);
  if (error !== null && log?.replication) log.replication.failed = true;
  const name = destination?.['Name'] ?? destinationId;
  recordLine(
    state,
    now,
    error === null ? 'Info' : 'Error',
    error ?? `Replicated ${task.itemIds.length} items to ${name}.`,
  );
}
