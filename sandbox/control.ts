import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CmsException } from './exceptions.ts';
import { faultSchema } from './faults.ts';
import { readBody, sendJson } from './http.ts';
import { publishByHand, publishSchema } from './publish-by-hand.ts';
import type { Runtime } from './runtime.ts';

const MINUTE_MS = 60_000;

const freezeSchema = z.strictObject({
  active: z.boolean(),
  message: z.string().default('The site is being maintained. Please come back later.'),
  minutes: z.number().positive().default(30),
  allowedUserIds: z.array(z.string()).default([]),
});

const knobsSchema = z
  .strictObject({
    nextIndexEnd: z.enum(['total', 'minus-one']),
    ditaMapId: z.enum(['any', 'asset-id', 'number']),
    accessTokenLifetimeSeconds: z.int().positive(),
    publishTickMs: z.int().min(0),
    reportTickMs: z.int().min(0),
    requireCheckinComments: z.boolean(),
    exceptionShape: z.enum(['both', 'declared', 'web-api']),
    membershipProviders: z.array(
      z.strictObject({ key: z.string().min(1), displayName: z.string(), isSaml: z.boolean() }),
    ),
    accessTokenForm: z.enum(['jwt', 'opaque']),
  })
  .partial();

/**
 * The sandbox's own switches, `{siteRoot}/_sandbox/…`: faults, knobs, freeze, a publish without a workflow, and the
 * log of calls. No part of the CMS's contract, and open to everybody who can reach the port.
 * @returns false for an address that is none of them.
 */
export async function handleControl(
  runtime: Runtime,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  const control = CONTROLS[`${request.method} ${path}`];
  if (!control) return false;
  try {
    const text = (await readBody(request)).toString('utf8');
    sendJson(response, 200, control(runtime, text === '' ? {} : JSON.parse(text)));
  } catch (error) {
    // Whatever is wrong with a control request is answered in words; these come from zod, JSON.parse or the rules.
    if (!(error instanceof z.ZodError || error instanceof SyntaxError || error instanceof CmsException)) throw error;
    sendJson(response, 400, { Message: error instanceof z.ZodError ? z.prettifyError(error) : error.message });
  }
  return true;
}

const CONTROLS: Record<string, (runtime: Runtime, body: unknown) => unknown> = {
  'GET /_sandbox/faults': (runtime) => runtime.faults.list(),
  'POST /_sandbox/faults': (runtime, body) => ({ id: runtime.faults.add(faultSchema.parse(body)) }),
  'DELETE /_sandbox/faults'(runtime) {
    runtime.faults.clear();
    return true;
  },
  'GET /_sandbox/calls': (runtime) => runtime.calls.list(),
  'DELETE /_sandbox/calls'(runtime) {
    runtime.calls.clear();
    return true;
  },
  'GET /_sandbox/knobs': (runtime) => runtime.knobs,
  'POST /_sandbox/knobs'(runtime, body) {
    Object.assign(runtime.knobs, knobsSchema.parse(body));
    return runtime.knobs;
  },
  'POST /_sandbox/publish': (runtime, body) => ({ taskId: publishByHand(runtime, publishSchema.parse(body)) }),
  'POST /_sandbox/freeze'(runtime, body) {
    const order = freezeSchema.parse(body);
    const startMs = runtime.now().getTime();
    runtime.state.contentFreeze = order.active
      ? {
          startTime: new Date(startMs).toISOString(),
          endTime: new Date(startMs + order.minutes * MINUTE_MS).toISOString(),
          message: order.message,
          allowedUserIds: order.allowedUserIds,
        }
      : null;
    runtime.changed();
    return runtime.state.contentFreeze;
  },
};
