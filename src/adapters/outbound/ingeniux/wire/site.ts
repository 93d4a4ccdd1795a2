import { z } from 'zod';
import type { Alert, Category, ContentFreeze, Usage, UsageSummary } from '../../../../domain/model/site.ts';
import { compact, count, flag, id, listOf, optionalText, text, texts, time } from './values.ts';

/** `ContentFreezeNotifcation`; null when none is set, which the CMS says with empty properties. */
export const contentFreeze = z
  .object({ StartTime: time, EndTime: time, AllowMe: flag, Message: text })
  .transform((wire): ContentFreeze | null => {
    if (wire.StartTime === undefined && wire.EndTime === undefined && wire.Message === '') return null;
    return compact({
      startsAt: wire.StartTime,
      endsAt: wire.EndTime,
      allowsMe: wire.AllowMe,
      message: wire.Message,
    });
  });

/** `AlertCollectionModel`. */
export const alerts = z
  .object({
    systemAlerts: listOf(z.object({ Title: text, Message: text })),
    dbAlerts: listOf(z.object({ Title: text, Message: text })),
  })
  .transform((wire): readonly Alert[] =>
    [...wire.systemAlerts, ...wire.dbAlerts].map(({ Title, Message }) => ({ title: Title, message: Message })),
  );

/** `ContentItemUsageSummary`. */
export const usageSummary = z
  .object({ totalResults: count })
  .transform((wire): UsageSummary => ({ total: wire.totalResults }));

/** `ContentItemUsageInfo`. */
export const usage = z
  .object({ Id: id, Name: text, elementName: text })
  .transform((wire): Usage => ({ itemId: wire.Id, name: wire.Name, elementName: wire.elementName }));

/** `CategoryModel` and `CategoryModelWithPath`. */
export const category = z
  .object({ Id: id, Name: text, Path: optionalText, ChildrenCount: count })
  .transform(
    (wire): Category => compact({ id: wire.Id, name: wire.Name, path: wire.Path, childrenCount: wire.ChildrenCount }),
  );

/** Anything that has an id and a name. */
export const named = z.object({ Id: id, Name: text }).transform((wire) => ({ id: wire.Id, name: wire.Name }));

/** `UserModel`. */
export const user = z
  .object({ Id: id, Name: text, UserId: text })
  .transform((wire) => ({ id: wire.Id, name: wire.Name === '' ? wire.UserId : wire.Name, loginName: wire.UserId }));
export type WireUser = z.output<typeof user>;

/** `UserGroupModel`. */
export const userGroup = z
  .object({ Id: id, Name: text, UserIds: texts })
  .transform((wire) => ({ id: wire.Id, name: wire.Name, userIds: wire.UserIds }));

/** The login name in the claims of the caller; their form is not documented, so names and plain pairs are looked for. */
export const claimedLogin = z.unknown().transform((wire): string | null => {
  const claims = claimPairs(wire, 0);
  for (const type of loginClaims) {
    const claim = claims.find(([name]) => name.toLowerCase().endsWith(type));
    if (claim !== undefined && claim[1] !== '') return claim[1];
  }
  return null;
});

/** Endings of claim types, most telling first. */
const loginClaims = ['/nameidentifier', 'userid', 'unique_name', '/name', 'sub', 'name'];
const claimsDepthMax = 3;

/** Pairs of type and value, from an array of claims, from an object, or from lines of text. */
function claimPairs(wire: unknown, depth: number): readonly (readonly [string, string])[] {
  if (depth > claimsDepthMax) return [];
  if (typeof wire === 'string') {
    return wire.split(/\r?\n/).flatMap((line) => {
      const match = /^\s*(.+?)\s*(?:=|:\s)\s*(.+?)\s*$/.exec(line);
      return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], match[2]] as const];
    });
  }
  if (Array.isArray(wire)) return wire.flatMap((entry) => claimPairs(entry, depth + 1));
  if (typeof wire !== 'object' || wire === null) return [];
  const claim = z
    .object({ Type: z.string(), Value: z.string() })
    .or(
      z.object({ type: z.string(), value: z.string() }).transform(({ type, value }) => ({ Type: type, Value: value })),
    )
    .safeParse(wire);
  if (claim.success) return [[claim.data.Type, claim.data.Value]];
  return Object.entries(wire).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : claimPairs(value, depth + 1),
  );
}
