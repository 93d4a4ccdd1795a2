import { DomainError } from '../../../../domain/errors.ts';
import type { Principal } from '../../../../domain/model/principal.ts';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnProblem } from '../events.ts';
import { siteProber } from '../sign-in/credentials.ts';
import { probeServices, readRequest, type ServiceLayer, type ServiceMethod, servicePath } from './probe.ts';
import { readAnswer, type ServiceAnswer } from './read-answer.ts';
import type { SiteHttp } from './site-http.ts';

/** In whose name, and until when. */
export interface ServiceCaller {
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** The service layer of one CMS, found once and remembered. */
export interface ServiceAccess {
  /** What the CMS serves; `undefined` when it serves nothing that can be used. @throws DomainError while the CMS fails. */
  layer(control: () => Promise<ControlPage>): Promise<ServiceLayer | undefined>;
  /** Calls one method with all its arguments. @throws DomainError CMS_REFUSED and the errors of SiteHttp. */
  call(layer: ServiceLayer, method: ServiceMethod, args: object, caller: ServiceCaller): Promise<unknown>;
}

/** A page that REST v1 has told: the probe compares the layer's answer with it. */
export interface ControlPage {
  readonly id: string;
  readonly name: string;
}

/** What a CMS, or what stands before it, answers while it is not well: nothing to learn from. */
const troubleStatuses: readonly number[] = [429, 502, 503, 504];

/** An upgrade of the CMS may change what it serves. */
const probeTtlMs = 3_600_000;

export function createServiceAccess(options: {
  readonly http: SiteHttp;
  readonly clock: Clock;
  readonly onProblem: OnProblem;
}): ServiceAccess {
  const { http, clock } = options;
  let known: { readonly layer: Promise<ServiceLayer | undefined>; readonly untilMs: number } | undefined;

  const probe = async (control: () => Promise<ControlPage>): Promise<ServiceLayer | undefined> => {
    // Others may wait for the same probe, so no single caller's signal ends it; each of its calls has a deadline.
    const { signal } = new AbortController();
    let failing: number | undefined;
    const outcome = await probeServices(await control(), async (request) => {
      const reply = await http({ token: 'as_is', ...request, isWrite: false, principal: siteProber, signal });
      if (troubleStatuses.includes(reply.status)) failing = reply.status;
      return reply;
    });
    if (outcome.found) return outcome.layer;
    if (failing !== undefined) {
      throw new DomainError('CMS_UNAVAILABLE', 'The CMS is failing at the moment. Try again later.', {
        details: { status: failing },
      });
    }
    if (outcome.reason !== 'absent') {
      options.onProblem({
        kind: 'background_failure',
        operation: 'SiteTreeServices.GetPageProperties',
        error: new DomainError('CMS_UNEXPECTED', unusable[outcome.reason]),
      });
    }
    return undefined;
  };

  return {
    layer: (control) => {
      if (known === undefined || clock.nowMs() >= known.untilMs) {
        const layer = probe(control);
        const mine = { layer, untilMs: clock.nowMs() + probeTtlMs };
        known = mine;
        // An outage says nothing about the layer: the next call probes anew.
        layer.catch(() => {
          if (known === mine) known = undefined;
        });
      }
      return known.layer;
    },
    call: async (layer, method, args, caller) => {
      const isRead = method === 'MarkForPublishServices.GetPageMarks';
      const reply = await http({
        ...(isRead
          ? readRequest(layer, method, args)
          : { method: 'POST', path: servicePath(layer.form, method), body: args }),
        isWrite: !isRead,
        ...caller,
      });
      const answer = readAnswer(reply);
      // The CMS changed since the probe: whoever asks next has it probed anew.
      if (answer.kind !== 'done' && answer.kind !== 'refused') known = undefined;
      return messageOf(answer, method, reply.status);
    },
  };
}

/** Why a layer that is there is not used, for the operator. */
const unusable = {
  open: 'The service layer of the CMS answers calls without a credential: it is not used. Tell the operator of the CMS.',
  mute: 'The service layer of the CMS answers for a page that does not exist as if it did: it is not used, because its refusals could not be told from success.',
} as const;

function messageOf(answer: ServiceAnswer, method: string, status: number): unknown {
  const details = { operation: method, status };
  switch (answer.kind) {
    case 'done':
      return answer.message;
    case 'refused':
      throw new DomainError(
        'CMS_REFUSED',
        'The CMS refused the change. Its reason stands in cms_message; look at the item before trying again.',
        { details: { ...details, cms_message: answer.reason } },
      );
    case 'signed_out':
      throw new DomainError(
        'CMS_SIGN_IN_FAILED',
        'The service layer of the CMS does not accept the access token. An operator can switch it off (CMS_SERVICES).',
        { details },
      );
    case 'absent':
    case 'wrong_verb':
    case 'unclear':
      throw new DomainError(
        'CMS_UNEXPECTED',
        'The service layer of the CMS answers differently from when it was probed. Read the item before going on.',
        { details },
      );
  }
}
