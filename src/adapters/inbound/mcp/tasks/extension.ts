import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Long calls as tasks (SEP-2663), of revision 2026-07-28 alone: there each request tells what its client can do. */
export const tasksExtension = 'io.modelcontextprotocol/tasks';

const declaring = z.looseObject({ extensions: z.looseObject({ [tasksExtension]: z.looseObject({}) }) });

/** Whether capabilities, as a client sends them, name the extension. */
export function namesTasks(clientCapabilities: unknown): boolean {
  return declaring.safeParse(clientCapabilities).success;
}

/** Whether the client of this request follows tasks. */
export function declaresTasks(context: ServerContext): boolean {
  return namesTasks(capabilitiesOf(context));
}

function capabilitiesOf(context: ServerContext): unknown {
  // The SDK's type of the envelope names no keys.
  const envelope = context.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY];
}

const showingForms = z.looseObject({
  elicitation: z.looseObject({}).refine((modes) => 'form' in modes || !('url' in modes)),
});

/** Whether the client of this request follows tasks and shows its user the forms that they ask with. */
export function showsTaskQuestions(context: ServerContext): boolean {
  return declaresTasks(context) && showingForms.safeParse(capabilitiesOf(context)).success;
}

/** What a client has to declare before it may ask for tasks. */
export const requiredCapabilities = { extensions: { [tasksExtension]: {} } };

/** @throws MissingRequiredClientCapabilityError for a client that does not declare the extension with its request. */
export function requireTasks(context: ServerContext): void {
  if (!declaresTasks(context)) throw new MissingRequiredClientCapabilityError({ requiredCapabilities });
}
