import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DomainEvent } from '../../../src/domain/events.ts';
import type { EventBus } from '../../../src/domain/ports/event-bus.ts';
import { poll } from '../../support/poll.ts';
import { another, type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/event-bus.ts. */
export interface OpenedEventBus extends Opened {
  readonly subject: EventBus;
  /** The bus of another process. */
  readonly other?: EventBus;
  /** What the subject's `onProblem` was told. */
  readonly problems: readonly unknown[];
  /** Cuts the subject off from what connects the processes. */
  readonly breakStore?: () => Promise<void>;
  /** Ends when both buses are connected again. */
  readonly mendStore?: () => Promise<void>;
}

export function eventBusContract(contract: Contract<OpenedEventBus>): void {
  describeContract('EventBus', contract, {
    '`publish` ends when every listener of this process has ended': async ({ subject }) => {
      const ended: string[] = [];
      subject.subscribe(async () => {
        for (let turn = 0; turn < 10; turn++) await nextTurn();
        ended.push('slow');
      });
      subject.subscribe(() => {
        ended.push('quick');
      });
      await subject.publish([revoked('a')]);
      expect(ended.sort()).toEqual(['quick', 'slow']);
    },

    'every listener hears every event, in order and as it was told': async ({ subject }) => {
      const heard: [DomainEvent[], DomainEvent[]] = [[], []];
      for (const list of heard) subject.subscribe((event) => void list.push(event));
      await subject.publish(samples);
      await subject.publish([]);
      await subject.publish([revoked('last')]);
      for (const list of heard) expect(list).toEqual([...samples, revoked('last')]);
    },

    'listeners of other processes hear it too, soon after': async ({ subject, other }) => {
      const heard: DomainEvent[] = [];
      another(other).subscribe((event) => void heard.push(event));
      await subject.publish(samples);
      await poll('the other process to hear it', () => heard.length >= samples.length);
      expect(heard).toEqual(samples);
    },

    'each process hears an event once': async ({ subject, other }) => {
      const [here, there] = [listen(subject), listen(another(other))];
      await subject.publish([revoked('a')]);
      await another(other).publish([revoked('b')]);
      // Messages keep their order, so when the last ones are there, a second copy of the first would be there as well.
      await subject.publish([revoked('end-1')]);
      await another(other).publish([revoked('end-2')]);
      const all = ['a', 'b', 'end-1', 'end-2'];
      await poll('all events in both', () => all.every((id) => here.includes(id) && there.includes(id)));
      expect([...here].sort()).toEqual(all);
      expect([...there].sort()).toEqual(all);
    },

    'a listener that throws does not stop the others; `onProblem` is told': async ({ subject, problems }) => {
      const heard: string[] = [];
      subject.subscribe(() => {
        throw new Error('at once');
      });
      subject.subscribe(async () => {
        await nextTurn();
        throw new Error('later');
      });
      subject.subscribe((event) => void heard.push(event.type));
      await subject.publish([revoked('a'), revoked('b')]);
      expect(heard).toEqual(['token_revoked', 'token_revoked']);
      expect(problems.map(String).sort()).toEqual(['Error: at once', 'Error: at once', 'Error: later', 'Error: later']);
    },

    'after `unsubscribe` a listener hears nothing more': async ({ subject }) => {
      const heard: string[] = [];
      const endFirst = subject.subscribe(() => {
        heard.push('first');
        // Ended while this event is being told: the second listener must not hear even this one.
        endSecond();
      });
      const endSecond = subject.subscribe(() => void heard.push('second'));
      await subject.publish([revoked('a'), revoked('b')]);
      endFirst();
      endFirst();
      await subject.publish([revoked('c')]);
      expect(heard).toEqual(['first', 'first']);
    },

    'a listener that subscribed twice is told twice, and each subscription ends alone': async ({ subject }) => {
      const heard: string[] = [];
      const listener = () => void heard.push('told');
      const end = subject.subscribe(listener);
      subject.subscribe(listener);
      await subject.publish([revoked('a')]);
      end();
      await subject.publish([revoked('b')]);
      expect(heard).toHaveLength(3);
    },

    'a process that was cut off is told `events_missed` when it is back, before what is told later': async (opened) => {
      const { subject, breakStore, mendStore } = opened;
      if (breakStore === undefined || mendStore === undefined) {
        throw new Error('Nothing to break: exempt this driver, with the reason.');
      }
      const heard: DomainEvent[] = [];
      another(opened.other).subscribe((event) => void heard.push(event));
      await subject.publish([revoked('before')]);
      await poll('the other process to hear it', () => heard.length === 1);
      await breakStore();
      await subject.publish([revoked('meanwhile')]);
      await mendStore();
      await poll('both to be told', () => heard.length > 1);
      await subject.publish([revoked('later')]);
      await poll('the other process to hear it', () => heard.length > 2);
      expect(heard).toEqual([revoked('before'), { type: 'events_missed' }, revoked('later')]);
    },

    'a lost connection to the others neither stops listeners here nor fails `publish`': async (opened) => {
      const { subject, problems, breakStore } = opened;
      if (breakStore === undefined) throw new Error('Nothing to break: exempt this driver, with the reason.');
      const heard = listen(subject);
      await breakStore();
      const problemsBefore = problems.length;
      await subject.publish([revoked('a')]);
      expect(heard).toEqual(['a']);
      expect(problems.length).toBeGreaterThan(problemsBefore);
    },
  });
}

const samples: readonly DomainEvent[] = [
  { type: 'content_changed', itemIds: ['x1', 'x2'], change: 'fields', subject: 'agent "ü"' },
  { type: 'publish_finished', targetId: 't1', itemIds: [], subject: 'agent' },
  { type: 'job_changed', jobId: 'job_1', owner: 'agent', state: 'running' },
];

function revoked(tokenId: string): DomainEvent {
  return { type: 'token_revoked', tokenId };
}

/** The ids of the revoked tokens that a bus tells of. */
function listen(bus: EventBus): readonly string[] {
  const heard: string[] = [];
  bus.subscribe((event) => {
    if (event.type === 'token_revoked') heard.push(event.tokenId);
  });
  return heard;
}
