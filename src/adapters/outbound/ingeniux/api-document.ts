import { z } from 'zod';
import type { Clock } from '../../../domain/ports/system.ts';
import type { SiteHttp } from './services/site-http.ts';
import { siteProber } from './sign-in/credentials.ts';

/** What the CMS tells of its own REST API. */
export interface ApiFacts {
  readonly version: string;
  readonly operationIds: ReadonlySet<string>;
}

/** Reads the CMS's own API description, once an hour; `undefined` where the CMS does not serve it. Never throws. */
export type ReadApiFacts = (signal: AbortSignal) => Promise<ApiFacts | undefined>;

/** An upgrade of the CMS changes it. */
const factsTtlMs = 3_600_000;

export function createApiDocument(options: { readonly http: SiteHttp; readonly clock: Clock }): ReadApiFacts {
  let known: { readonly facts: ApiFacts | undefined; readonly untilMs: number } | undefined;
  return async (signal) => {
    if (known !== undefined && options.clock.nowMs() < known.untilMs) return known.facts;
    try {
      const reply = await options.http({
        method: 'GET',
        path: documentPath,
        isWrite: false,
        token: 'as_is',
        principal: siteProber,
        signal,
      });
      const facts = reply.status === 200 ? factsOf(reply.text) : undefined;
      known = { facts, untilMs: options.clock.nowMs() + factsTtlMs };
      return facts;
    } catch {
      // The description only refines what is known anyway; whatever keeps it away must not cost the answer.
      return undefined;
    }
  };
}

const documentPath = '/swagger/v1/swagger.json';

const apiDocument = z.object({
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string().optional() }).catch({}))),
});

/** Pure. `undefined` for what is no API description. */
function factsOf(text: string): ApiFacts | undefined {
  const document = apiDocument.safeParse(jsonOf(text));
  if (!document.success) return undefined;
  const ids = Object.values(document.data.paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => (operationId === undefined ? [] : [operationId])),
  );
  return { version: document.data.info.version, operationIds: new Set(ids) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A sign-in page, or whatever else stands at that address, is no description.
    return undefined;
  }
}
