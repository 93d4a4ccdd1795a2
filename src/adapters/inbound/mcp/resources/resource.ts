import type { TaskAnswer } from '../../../../application/pipeline/flow.ts';
import type { UriTemplate } from './uri-template.ts';

/** A resource, or a family of them. */
export type Resource = TaskResource | Guide;

interface ResourceFace {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** The projection of one reading task. */
export interface TaskResource extends ResourceFace {
  /** The task that reads it, by name: without the task among those that the caller may call there is no resource. */
  readonly task: string;
  readonly address: string | UriTemplate;
  /**
   * The task's input for the values in a URI.
   *
   * @throws DomainError BAD_INPUT when a value has no meaning here.
   */
  inputFor(values: Readonly<Record<string, string>>): Readonly<Record<string, unknown>>;
  /**
   * The page of the task's answer that is wanted, from 1: its cursors are followed up to there. The first when absent.
   *
   * @throws DomainError BAD_INPUT for a number that is no page.
   */
  pageOf?(values: Readonly<Record<string, string>>): number;
  /** The resource's text. Throws a DomainError when the answer holds none. */
  render(answer: TaskAnswer, values: Readonly<Record<string, string>>): { text: string; mimeType?: string };
}

/** A text of the server's own, for an agent in the middle of a task. */
export interface Guide extends ResourceFace {
  readonly address: string;
  /** `offers` tells whether the caller has a tool: a guide speaks of no other. */
  text(offers: (tool: string) => boolean): string;
}

/** The values of a URI that is this resource's; `undefined` when it is not. */
export function matchResource(resource: Resource, uri: string): Readonly<Record<string, string>> | undefined {
  const { address } = resource;
  if (typeof address === 'string') return address === uri ? {} : undefined;
  return address.match(uri);
}
