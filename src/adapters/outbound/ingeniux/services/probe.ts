import { z } from 'zod';
import type { HttpReply } from '../http/round-trip.ts';
import { readAnswer, type ServiceAnswer } from './read-answer.ts';

/** Where and how this CMS serves the layer, and what of it. */
export interface ServiceLayer {
  readonly form: Form;
  readonly readVerb: 'GET' | 'POST';
  /** How a method's only parameter travels when it is an object: under its name, or as the body itself. */
  readonly singleArgument: SingleArgument;
  readonly methods: ReadonlySet<ServiceMethod>;
}

export type ServiceMethod = (typeof writeMethods)[number] | typeof marksMethod;
export type Form = 'svc' | 'api';
export type SingleArgument = 'wrapped' | 'bare';

/** Methods that refuse an empty call for want of an id, so that asking whether they exist changes nothing. */
const writeMethods = [
  'PageCommandsServices.Save',
  'PageCommandsServices.SavePartial',
  'PageCommandsServices.UndoCheckout',
  'MarkForPublishServices.MarkPages',
  'SiteTreeServices.CreateNewPage',
] as const;
const marksMethod = 'MarkForPublishServices.GetPageMarks';

/** One request of the probe: never a write, never the id of a page that a write could mean. */
export type Ask = (request: {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: 'none';
}) => Promise<HttpReply>;

export type ProbeOutcome =
  | { readonly found: true; readonly layer: ServiceLayer }
  /**
   * `open`: the layer answers calls without a credential. `mute`: it answers a page that does not exist as if it did, so
   * that no refusal of it could be told from success. Neither must be used.
   */
  | { readonly found: false; readonly reason: 'absent' | 'open' | 'mute' };

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
    if (readAnswer(await ask(candidate.unknown)).kind === 'done') return { found: false, reason: 'mute' };
    const place: Place = { form: candidate.form, readVerb: candidate.request.method };
    const methods = new Set<ServiceMethod>();
    for (const method of writeMethods) if (await isServed(method, place.form, ask)) methods.add(method);
    const singleArgument = await styleOfMarks(control.id, place, ask);
    if (singleArgument !== undefined) methods.add(marksMethod);
    return { found: true, layer: { ...place, singleArgument: singleArgument ?? 'wrapped', methods } };
  }
  return { found: false, reason: 'absent' };
}

type Place = Pick<ServiceLayer, 'form' | 'readVerb'>;

/** No id goes along: an existing method refuses the call, and nothing else can come of it. */
async function isServed(method: ServiceMethod, form: Form, ask: Ask): Promise<boolean> {
  const reply = await ask({ method: 'POST', path: servicePath(form, method), body: {} });
  const answer = readAnswer(reply);
  // Whoever is forbidden to call a method learns nothing of it.
  return answer.kind === 'wrong_verb' || (answer.kind === 'refused' && reply.status !== forbiddenStatus);
}

const forbiddenStatus = 403;

/**
 * The vendor's samples print the single parameter of some methods without its name (services section 1, "Verb and
 * argument passing"); the marks of the control page, a read, tell which is meant. `undefined` when neither is answered.
 */
async function styleOfMarks(pageId: string, place: Place, ask: Ask): Promise<SingleArgument | undefined> {
  for (const style of ['wrapped', 'bare'] as const) {
    const answer = readAnswer(await ask(readRequest(place, marksMethod, singleArgument(style, marksOf(pageId)))));
    if (answer.kind === 'done' && markingList.safeParse(answer.message).success) return style;
  }
  return undefined;
}

/** The input of `GetPageMarks`. */
export const marksOf = (pageId: string) => ({ pageIds: [pageId], recursive: false });

/** The arguments of a method whose only parameter is `data`. */
export const singleArgument = (style: SingleArgument, data: object): object => (style === 'wrapped' ? { data } : data);

const markingList = z.object({ pubTargets: z.array(z.unknown()) });

/** A read, as this layer takes them. In a query, an object travels as its JSON. */
export function readRequest({ form, readVerb }: Place, method: string, args: object): ReadRequest {
  const path = servicePath(form, method);
  if (readVerb === 'POST') return { method: 'POST', path, body: args };
  const texts = Object.entries(args).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return { method: 'GET', path: `${path}?${new URLSearchParams(texts)}` };
}

interface ReadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

interface Candidate {
  readonly form: Form;
  readonly request: ReadRequest;
  /** A read, in the same manner, of a page that does not exist. */
  readonly unknown: ReadRequest;
  isHit(answer: ServiceAnswer): boolean;
}

/** In the order of services section 4, step 2. */
function candidates(control: { readonly id: string; readonly name: string }): readonly Candidate[] {
  const isControl = (answer: ServiceAnswer): boolean => {
    const page = answer.kind === 'done' ? pageIdentity.safeParse(answer.message) : undefined;
    return page?.success === true && page.data.pageId === control.id && decoded(page.data.name) === control.name;
  };
  const properties = (pageId: string) => ({ pageId, pubTarget: '', fullDetails: false });
  const children = (objectId: string) => ({
    node: { widgetId: '', objectId, index: 0 },
    pubTarget: '',
    nextPageIndex: 0,
  });
  const row = (
    form: Form,
    readVerb: 'GET' | 'POST',
    method: string,
    args: (pageId: string) => object,
    isHit: Candidate['isHit'],
  ): Candidate => ({
    form,
    request: readRequest({ form, readVerb }, method, args(control.id)),
    unknown: readRequest({ form, readVerb }, 'SiteTreeServices.GetPageProperties', properties(unknownPageId)),
    isHit,
  });
  const groups = () => ({ users: false, groups: true, extended: false, groupId: '' });
  const isGroups = (answer: ServiceAnswer) => answer.kind === 'done' && groupList.safeParse(answer.message).success;
  const isList = (answer: ServiceAnswer) => answer.kind === 'done' && Array.isArray(answer.message);
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

/** Well formed, and of no page: ids count up from one. */
const unknownPageId = 'x2147483647';

const pageIdentity = z.object({ pageId: z.string(), name: z.string() });
const groupList = z.object({ groups: z.array(z.unknown()) });

/** Names come percent-encoded in several answers; a stray percent sign is a letter of the name. */
export function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not encoded at all.
    return name;
  }
}
