import type { TaskAnswer } from '../../../../application/pipeline/flow.ts';

/** A resource, or a family of them, as the projection of one reading task. */
export interface Resource {
  /** The task that reads it, by name: without the task in the catalogue there is no resource. */
  readonly task: string;
  /** A URI, or a URI template with one `{id}`. */
  readonly address: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** The task's input for a URI; `undefined` when the URI is not of this resource. */
  inputFor(uri: string): Readonly<Record<string, unknown>> | undefined;
  /** The resource's text. Throws a DomainError when the answer holds none. */
  render(answer: TaskAnswer): string;
}

export function isTemplate(resource: Resource): boolean {
  return resource.address.includes('{id}');
}
