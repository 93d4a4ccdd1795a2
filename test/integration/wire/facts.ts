import { readFileSync } from 'node:fs';

/** One operation as the vendor's description of the API has it. */
export interface OperationFacts {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly effect: 'read' | 'write' | 'destructive' | 'admin';
  readonly parameters: readonly ParameterFacts[];
  /** Type of the bare body. */
  readonly body?: string;
  /** Takes a file of which the description is silent. */
  readonly takesFile?: true;
  readonly answer: string;
}

export interface ParameterFacts {
  readonly name: string;
  readonly in: 'query' | 'path' | 'formData';
  readonly type: string;
  readonly required: boolean;
  readonly nullable?: true;
}

export interface ModelFacts {
  readonly base?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly values?: readonly string[];
}

/** The facts: taken once from the vendor's description, never from our catalogue. */
export function readFacts(): {
  readonly operations: readonly OperationFacts[];
  readonly models: Readonly<Record<string, ModelFacts>>;
} {
  return JSON.parse(readFileSync(new URL('facts.json', import.meta.url), 'utf8'));
}
