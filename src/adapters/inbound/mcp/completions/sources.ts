import { z } from 'zod';
import type { Subject } from './subject.ts';

/** What is asked: the text so far, and the other arguments that the person has given. */
export interface Question {
  readonly typed: string;
  readonly given: Readonly<Record<string, string>>;
}

/** One way to find proposals: a reading task, what to ask it, and what to take from its answer. */
export interface ProposalSource {
  readonly task: string;
  /** The task's input; `undefined` when this way leads nowhere for the question. */
  inputFor(question: Question): Readonly<Record<string, unknown>> | undefined;
  /** What fits, best first. */
  propose(output: unknown, question: Question): readonly string[];
}

/** Per subject, the ways in the order in which they are tried; the first that leads somewhere answers. */
export const proposalSources: Readonly<Record<Subject, readonly ProposalSource[]>> = {
  page: [byPath('site'), byWords('page')],
  asset: [byWords('asset')],
  schema: [
    {
      task: 'describe_schema',
      inputFor: () => ({}),
      propose: (output, { typed }) =>
        matching(
          read(schemasShape, output)?.schemas?.map(({ name }) => name),
          typed,
        ),
    },
  ],
  rule: [
    {
      task: 'describe_schema',
      // Which rules there are to choose from depends on the place.
      inputFor: ({ given }) => {
        const parent = given['parent']?.trim() ?? '';
        return parent === '' ? undefined : { allowed_under: parent };
      },
      propose: (output, { typed }) =>
        matching(
          read(rulesShape, output)?.creation_rules?.map(({ name }) => name),
          typed,
        ),
    },
  ],
  target: [
    {
      task: 'get_context',
      inputFor: () => ({ detail: 'targets' }),
      propose: (output, { typed }) =>
        matching(
          read(targetsShape, output)?.targets?.map(({ name }) => name),
          typed,
        ),
    },
  ],
  locale: [
    {
      task: 'get_context',
      inputFor: () => ({}),
      propose: (output, { typed }) => matching(read(localesShape, output)?.site?.locales, typed),
    },
  ],
  category: [
    {
      task: 'browse_tree',
      inputFor: () => ({ at: 'taxonomy', direction: 'descendants', depth: 5, limit: nodesMax }),
      propose: (output, { typed }) => categories(read(nodesShape, output)?.nodes ?? [], typed),
    },
  ],
  transition: [
    {
      task: 'get_content',
      inputFor({ given }) {
        const [first = ''] = (given['page'] ?? given['pages'] ?? '').split(',');
        return first.trim() === '' ? undefined : { items: [first.trim()], include: ['workflow'] };
      },
      propose: (output, { typed }) =>
        matching(
          read(workflowShape, output)?.items[0]?.workflow?.transitions?.map(({ name }) => name),
          typed,
        ),
    },
  ],
  user: [
    {
      task: 'find_users',
      inputFor: ({ typed }) => (typed === '' ? {} : { query: typed }),
      propose: (output, { typed }) =>
        matching(['me', ...(read(usersShape, output)?.users ?? []).map(({ name }) => name)], typed),
    },
    {
      task: 'list_work',
      // For those who may not list the users of the CMS: who holds work is whom work can go to.
      inputFor: () => ({ who: 'all', limit: nodesMax }),
      propose: (output, { typed }) =>
        matching(
          ['me', ...(read(workShape, output)?.items.flatMap(({ assigned_to: name }) => name ?? []) ?? [])],
          typed,
        ),
    },
  ],
  job: [
    {
      task: 'get_job',
      inputFor: () => ({}),
      propose: (output, { typed }) =>
        (read(jobsShape, output)?.jobs ?? []).map(({ job }) => job).filter((job) => job.startsWith(typed)),
    },
  ],
  report: [
    {
      task: 'get_job',
      inputFor: () => ({}),
      propose: (output, { typed }) =>
        (read(jobsShape, output)?.jobs ?? [])
          .filter(({ kind, job }) => kind === 'run_report' && job.startsWith(typed))
          .map(({ job }) => job),
    },
  ],
  operation: [
    {
      task: 'search_operations',
      inputFor: () => ({}),
      propose: (output, { typed }) =>
        matching(
          read(areasShape, output)?.areas.flatMap(({ operations }) => operations),
          typed,
        ),
    },
  ],
};

/** As many as the tasks list at once. */
const nodesMax = 100;

/** Fewer characters than this would search for nearly everything. */
const charactersMin = 2;
const hitsMax = 20;

function byWords(kind: 'page' | 'asset'): ProposalSource {
  return {
    task: 'search_content',
    inputFor: ({ typed }) =>
      typed.length < charactersMin ? undefined : { query: typed, kinds: [kind], limit: hitsMax },
    propose: (output) => read(hitsShape, output)?.hits.map(({ id }) => id) ?? [],
  };
}

/** A path is completed as in a shell: by what lies in the folder that is typed so far. */
function byPath(root: string): ProposalSource {
  return {
    task: 'browse_tree',
    inputFor({ typed }) {
      if (!typed.startsWith('/')) return undefined;
      const folder = folderOf(typed);
      return { at: folder === '' ? root : folder, direction: 'children', limit: nodesMax };
    },
    propose(output, { typed }) {
      const folder = folderOf(typed);
      const begun = typed.slice(folder.length + 1).toLowerCase();
      return (read(nodesShape, output)?.nodes ?? [])
        .filter(({ name, id }) => name.toLowerCase().startsWith(begun) || id === begun)
        .map(({ id }) => id);
    },
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** A category's name, or its id where several have that name. */
function categories(nodes: readonly { readonly id: string; readonly name: string }[], typed: string): string[] {
  const count = (name: string) => nodes.filter((node) => node.name.toLowerCase() === name.toLowerCase()).length;
  return nodes.filter(({ name }) => fits(name, typed)).map(({ id, name }) => (count(name) === 1 ? name : id));
}

/** Without repetition; what begins with the text comes first. */
function matching(names: readonly string[] | undefined, typed: string): string[] {
  const found = [...new Set(names ?? [])].filter((name) => fits(name, typed));
  const begins = (name: string) => name.toLowerCase().startsWith(typed.toLowerCase());
  return [...found.filter(begins), ...found.filter((name) => !begins(name))];
}

function fits(name: string, typed: string): boolean {
  return name.toLowerCase().includes(typed.toLowerCase());
}

function read<T>(shape: z.ZodType<T>, output: unknown): T | undefined {
  const parsed = shape.safeParse(output);
  return parsed.success ? parsed.data : undefined;
}

// What is read of the tasks' answers, and no more.
const named = z.array(z.looseObject({ name: z.string() }));
const hitsShape = z.looseObject({ hits: z.array(z.looseObject({ id: z.string() })) });
const nodesShape = z.looseObject({ nodes: z.array(z.looseObject({ id: z.string(), name: z.string() })) });
const schemasShape = z.looseObject({ schemas: named.optional() });
const rulesShape = z.looseObject({ creation_rules: named.optional() });
const targetsShape = z.looseObject({ targets: named.optional() });
const localesShape = z.looseObject({ site: z.looseObject({ locales: z.array(z.string()).optional() }).optional() });
const workflowShape = z.looseObject({
  items: z.array(z.looseObject({ workflow: z.looseObject({ transitions: named.optional() }).optional() })),
});
const usersShape = z.looseObject({ users: named });
const workShape = z.looseObject({ items: z.array(z.looseObject({ assigned_to: z.string().optional() })) });
const jobsShape = z.looseObject({
  jobs: z.array(z.looseObject({ job: z.string(), kind: z.string() })).optional(),
});
const areasShape = z.looseObject({ areas: z.array(z.looseObject({ operations: z.array(z.string()) })) });
