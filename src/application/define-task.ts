import type { z } from 'zod';
import type { Job } from '../domain/model/job.ts';
import type { Scope } from '../domain/model/principal.ts';
import type { PortName, Ports } from '../domain/ports/index.ts';
import type { Call } from './call.ts';

/** Groups of tools that a client can ask for; the catalogue's order is that of the groups. */
export const toolsets = [
  'core',
  'authoring',
  'workflow',
  'publishing',
  'jobs',
  'localization',
  'assets',
  'taxonomy',
  'reports',
  'snapshots',
  'dita',
  'admin',
  'gateway',
] as const;
export type Toolset = (typeof toolsets)[number];

/**
 * A use case with a face. Transports only project it. Every property that bears on safety is required: nothing
 * security-relevant has a default.
 */
export interface Task<I extends z.ZodObject, O extends z.ZodObject, N extends PortName> {
  /** `verb_noun`, as editors say it; the file has the same name with dashes. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For agents: what it does, when to use it, what it answers. */
  readonly summary: string;
  readonly toolset: Toolset;
  /** `read` changes nothing; `additive` can be undone or adds only; `destructive` may lose or take live something. */
  readonly effect: 'read' | 'additive' | 'destructive';
  /** Whether the same call twice leaves the same state as once. */
  readonly idempotent: boolean;
  /** Whether a content freeze of the CMS stops it. */
  readonly heedsFreeze: boolean;
  readonly scopes: readonly Scope[];
  /** Further scopes, for what a call names: an operation of the CMS's API has its own. The input is unchecked. */
  scopesFor?(rawInput: unknown, ports: Pick<Ports, 'catalogue' | 'server'>): readonly Scope[];
  /** True when arguments may hold secrets: then the call is never kept with a job, to ask or to go on later. */
  readonly takesSecrets?: true;
  /** The ports that `execute` sees. */
  readonly needs: readonly N[];
  readonly input: I;
  readonly output: O;
  /** Whether the output's schema is told to clients; for tools whose answers programs chain. */
  readonly publishesOutputSchema: boolean;
  /** Ends the call; the pipeline's default when absent. */
  readonly deadlineMs?: number;
  /**
   * Tells what a dangerous call would do. When it answers something, the call is held back until it is repeated with
   * the confirm token. Such a task has an optional `confirm` string in its input.
   */
  impact?(input: z.output<I>, ports: Pick<Ports, N>, call: Call): Promise<Impact | undefined>;
  /** Of a task that starts jobs: what it answers about such a job, at any time of its life. */
  outcomeOf?(job: Job): z.input<O>;
  execute(input: z.output<I>, ports: Pick<Ports, N>, call: Call): Promise<z.input<O>>;
}

export interface Impact {
  /** One or two sentences for the person who decides. */
  readonly summary: string;
  /** Facts: items, counts, URLs. Plain JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  /** Changes whenever the confirmed situation does (versions of the items, say); never shown. */
  readonly fingerprint: string;
}

/** Any task, for tables. `execute` is a method on purpose: that lets narrower tasks stand in the table without casts. */
export type AnyTask = Task<z.ZodObject, z.ZodObject, PortName>;

/** Exists only so that the types of `execute` follow from the schemas and `needs`. */
export function defineTask<I extends z.ZodObject, O extends z.ZodObject, N extends PortName>(
  task: Task<I, O, N>,
): Task<I, O, N> {
  return task;
}
