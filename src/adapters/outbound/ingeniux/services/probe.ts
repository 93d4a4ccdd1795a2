import { z } from 'zod';
import type { HttpReply } from '../http/round-trip.ts';
import { readAnswer, type ServiceAnswer } from './read-answer.ts';

/** Where and how this CMS serves the layer, and what of it. */
export interface ServiceLayer {
  readonly form: Form;
  readonly readVerb: 'GET' | 'POST';
  readonly methods: ReadonlySet<ServiceMethod>;
}

export type ServiceMethod = (typeof writeMethods)[number] | 'MarkForPublishServices.GetPageMarks';
export type Form = 'svc' | 'api';

/** Methods that refuse an empty call for want of an id, so that asking whether they exist changes nothing. */
const writeMethods = [
  'PageCommandsServices.Save',
  'PageCommandsServices.SavePartial',
  'PageCommandsServices.UndoCheckout',
  'MarkForPublishServices.MarkPages',
  'SiteTreeServices.CreateNewPage',
] as const;
const probedMethods: readonly ServiceMethod[] = [...writeMethods, 'MarkForPublishServices.GetPageMarks'];

/** One request of the probe: never a write, never the id of a page that a write could mean. */
export type Ask = (request: {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: 'none';
}) => Promise<HttpReply>;

export type ProbeOutcome =
  | { readonly found: true; readonly layer: ServiceLayer }
  /** `open`: the layer answers calls without a credential, so that it must not be used. */
  | { readonly found: false; readonly reason: 'absent' | 'open' };

/** The path of a method in one of the two forms that are known (services section 1, "URL"). */
export function servicePath(form: Form, method: string): string {
  const [service = '', name = ''] = method.split('.');
  return form === 'svc' ? `/REST/${service}.svc/${name}` : `/api/${service}/${name}`;
}

/**
 * Finds the layer by the reads of services section 4: the properties of a page that REST v1 has just told, so that a
 * hit proves the binding of arguments too.
 */
export async function probeServices(
  control: { readonly id: string; readonly name: string },
  ask: Ask,
): Promise<ProbeOutcome> {
  for (const candidate of candidates(control)) {
    const reply = await ask(candidate.request);
    if (!candidate.isHit(readAnswer(reply))) continue;
    const unasked = readAnswer(await ask({ ...candidate.request, token: 'none' }));
    if (unasked.kind === 'done') return { found: false, reason: 'open' };
    const { form } = candidate;
    const methods = new Set<ServiceMethod>();
    for (const method of probedMethods) {
      // No id goes along: an existing method refuses the call, and nothing else can come of it.
      const answer = readAnswer(await ask({ method: 'POST', path: servicePath(form, method), body: {} }));
      if (answer.kind === 'refused' || answer.kind === 'wrong_verb') methods.add(method);
    }
    return { found: true, layer: { form, readVerb: candidate.request.method, methods } };
  }
  return { found: false, reason: 'absent' };
}

interface Candidate {
  readonly form: Form;
  readonly request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown };
  isHit(answer: ServiceAnswer): boolean;
}

/** In the order of services section 4, step 2. */
function candidates(control: { readonly id: string; readonly name: string }): readonly Candidate[] {
  const isControl = (answer: ServiceAnswer): boolean => {
    const page = answer.kind === 'done' ? pageIdentity.safeParse(answer.message) : undefined;
    return page?.success === true && page.data.pageId === control.id && decoded(page.data.name) === control.name;
  };
  const properties = { pageId: control.id, pubTarget: '', fullDetails: false };
  const children = { node: { widgetId: '', objectId: control.id, index: 0 }, pubTarget: '', nextPageIndex: 0 };
  const groups = { users: false, groups: true, extended: false, groupId: '' };
  const read = (form: Form, verb: 'GET' | 'POST', method: string, args: object): Candidate['request'] =>
    verb === 'POST'
      ? { method: verb, path: servicePath(form, method), body: args }
      : { method: verb, path: `${servicePath(form, method)}?${queryOf(args)}` };
  const row = (
    form: Form,
    verb: 'GET' | 'POST',
    method: string,
    args: object,
    isHit: Candidate['isHit'],
  ): Candidate => ({
    form,
    request: read(form, verb, method, args),
    isHit,
  });
  const isList = (answer: ServiceAnswer) => answer.kind === 'done' && Array.isArray(answer.message);
  const isGroups = (answer: ServiceAnswer) => answer.kind === 'done' && groupList.safeParse(answer.message).success;
  return [
    row('svc', 'GET', 'SiteTreeServices.GetPageProperties', properties, isControl),
    row('svc', 'POST', 'SiteTreeServices.GetPageProperties', properties, isControl),
    row('api', 'GET', 'SiteTreeServices.GetPageProperties', properties, isControl),
    row('api', 'POST', 'SiteTreeServices.GetPageProperties', properties, isControl),
    row('svc', 'POST', 'SiteTreeServices.GetChildPages', children, isList),
    row('api', 'POST', 'SiteTreeServices.GetChildPages', children, isList),
    row('svc', 'POST', 'UserGroupSelectionServices.GetUsersAndGroups', groups, isGroups),
    row('api', 'POST', 'UserGroupSelectionServices.GetUsersAndGroups', groups, isGroups),
  ];
}

const pageIdentity = z.object({ pageId: z.string(), name: z.string() });
const groupList = z.object({ groups: z.array(z.unknown()) });

const queryOf = (args: object): string =>
  new URLSearchParams(Object.entries(args).map(([name, value]): [string, string] => [name, String(value)])).toString();

/** Names come percent-encoded in several answers; a stray percent sign is a letter of the name. */
export function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not encoded at all.
    return name;
  }
}
