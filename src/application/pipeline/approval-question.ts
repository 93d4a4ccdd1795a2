import type { Question } from '../../domain/model/question.ts';
import type { Impact } from '../define-task.ts';

/** A dangerous call as the person who decides sees it: what would happen, to what, and what is lost. */
export function approvalQuestion(title: string, { summary, facts, warnings }: Impact): Question {
  return {
    message: [summary, ...Object.entries(facts).map(tellFact), ...warnings].join('\n').slice(0, charactersMax),
    fields: { approve: { kind: 'yes_no', title: `Go on: ${title}?` } },
    explicit: true,
  };
}

/** More than a form shows, and little beside what a job may hold. */
const charactersMax = 4_000;
const entriesMax = 10;

function tellFact([name, value]: readonly [string, unknown]): string {
  if (!Array.isArray(value)) return `${name}: ${tellEntry(value)}`;
  const shown = value.slice(0, entriesMax).map(tellEntry).join(', ');
  return `${name}: ${shown}${value.length > entriesMax ? `, and ${value.length - entriesMax} more` : ''}`;
}

/** An item by its path or name and its id; anything else as it is. */
function tellEntry(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { id, name, path } = value as Readonly<Record<string, unknown>>;
  const label = path ?? name;
  if (label === undefined && id === undefined) return JSON.stringify(value);
  return [label, id === undefined ? undefined : `(${String(id)})`].filter((part) => part !== undefined).join(' ');
}
