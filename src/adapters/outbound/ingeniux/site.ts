import { DomainError } from '../../../domain/errors.ts';
import type { CmsUser } from '../../../domain/model/site.ts';
import type { CmsSite } from '../../../domain/ports/cms/site.ts';
import type { UserEntry } from '../../../domain/ports/cms/users.ts';
import type { CmsWorkflow } from '../../../domain/ports/cms/workflow.ts';
import { type AbilityFacts, probeAbilities } from './abilities.ts';
import type { ApiFacts } from './api-document.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { siteStatistics } from './wire/health.ts';
import { allItems, camelPaging, pascalPaging } from './wire/page.ts';
import { alerts, claimedLogin, contentFreeze, usage, usageSummary, user, userGroup } from './wire/site.ts';

/** What the CMS tells beside its operations. */
export interface SiteProbes {
  api(): Promise<ApiFacts | undefined>;
  layer(): Promise<AbilityFacts['layer']>;
}

export function createSite(calls: Calls, workflow: CmsWorkflow, probes: SiteProbes): CmsSite {
  const freeze = (direct: boolean) =>
    calls.one(operations.Notifications_GetContentFreeze, {}, contentFreeze, { direct });

  const users = () =>
    allItems((page) => calls.page(operations.User_GetUsers, { groupId: '', ...camelPaging(page) }, page, user));

  const withGroups = async (found: readonly UserEntry[]): Promise<readonly CmsUser[]> => {
    if (found.length === 0) return [];
    // A user does not name its groups; groups name their users (domain section 11).
    const groups = await allItems((page) =>
      calls.page(operations.UserGroups_GetUserGroups, camelPaging(page), page, userGroup),
    );
    return found.map(({ id, name, loginName }) => ({
      id,
      name,
      groups: groups
        .filter(({ members }) => members.includes(id) || members.includes(loginName))
        .map((group) => ({ id: group.id, name: group.name })),
    }));
  };

  /** Where the CMS keeps its own description to itself, its statistics tell the version of the product. */
  const siteVersion = async (): Promise<string | undefined> => {
    try {
      const since = { periodDataOnly: false, begingDate: anyDate };
      return (await calls.one(operations.Reports_GetStats, since, siteStatistics))?.version;
    } catch (error) {
      // Not every user may read them; a version that is not known is no failure.
      if (error instanceof DomainError && error.code === 'FORBIDDEN') return undefined;
      throw error;
    }
  };

  return {
    contentFreeze: async (options) => (await freeze(options?.fresh === true)) ?? undefined,
    alerts: async () => (await calls.one(operations.Notifications_GetAlerts, { all: false }, alerts)) ?? [],
    currentUser: async () => {
      const login = await calls.one(operations.Test_GetClaims, {}, claimedLogin);
      if (login === undefined || login === null) return undefined;
      const [me] = await withGroups((await users()).filter((candidate) => namesUser(candidate, login)));
      return me;
    },
    findUsers: async (text) => {
      const wanted = text.trim().toLowerCase();
      return withGroups(
        (await users()).filter(
          (candidate) =>
            candidate.id.toLowerCase() === wanted ||
            candidate.name.toLowerCase().includes(wanted) ||
            candidate.loginName.toLowerCase().includes(wanted),
        ),
      );
    },
    usageSummary: async (itemId) =>
      (await calls.one(operations.Site_GetContentItemUsageSummary, { id: itemId }, usageSummary)) ?? { total: 0 },
    usages: (itemId, page) =>
      calls.page(
        operations.Site_GetContentItemUsageReport,
        { Id: itemId, SortField: '', SortOrder: 'NONE', ...pascalPaging(page) },
        page,
        usage,
      ),
    abilities: async () => {
      const [api, layer] = await Promise.all([probes.api(), probes.layer()]);
      return probeAbilities({ workflow, layer, operationIds: api?.operationIds });
    },
    apiVersion: async () => (await probes.api())?.version ?? (await siteVersion()),
    ping: async () => {
      // Cheap, open to every user, and behind the credential. Whether there is a freeze does not matter.
      await freeze(true);
    },
  };
}

/** The statistics want a date, whatever is read of them. */
const anyDate = '2020-01-01';

/** Claims name a user by entity id or by login name, with or without the domain (contract section 7). */
function namesUser(candidate: UserEntry, login: string): boolean {
  const wanted = login.toLowerCase();
  const loginName = candidate.loginName.toLowerCase();
  return candidate.id.toLowerCase() === wanted || loginName === wanted || loginName.split('\\').at(-1) === wanted;
}
