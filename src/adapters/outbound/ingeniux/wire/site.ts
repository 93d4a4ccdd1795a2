import { z } from 'zod';
import type { Alert, Category, ContentFreeze, Usage, UsageSummary } from '../../../../domain/model/site.ts';
import type { GroupEntry, UserEntry } from '../../../../domain/ports/cms/users.ts';
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

const wireAlert = z.object({ Title: text, Message: text, Severity: optionalText, CreatedAt: time });

/** `AlertCollectionModel`. */
export const alerts = z
  .object({
    systemAlerts: listOf(wireAlert),
    dbAlerts: listOf(wireAlert),
  })
  .transform((wire): readonly Alert[] =>
    [...wire.systemAlerts, ...wire.dbAlerts].map(({ Title, Message, Severity, CreatedAt }) =>
      compact({ title: Title, message: Message, severity: Severity, createdAt: CreatedAt }),
    ),
  );

/** `ContentItemUsageSummary`. */
export const usageSummary = z
  .object({ totalResults: count })
  .transform((wire): UsageSummary => ({ total: wire.totalResults }));

/** `ContentItemUsageInfo`. */
export const usage = z
  .object({ Id: id, Name: text, elementName: text })
  .transform((wire): Usage => ({ itemId: wire.Id, name: wire.Name, elementName: wire.elementName }));

/** How long a list is; absent when the list is. */
const listLength = z
  .array(z.unknown())
  .optional()
  .catch(undefined)
  .transform((entries) => entries?.length);

/** `CategoryModel` and `CategoryModelWithPath`. */
export const category = z
  .object({
    Id: id,
    Name: text,
    Path: optionalText,
    ParentId: optionalText,
    ChildrenCount: count,
    Locale: optionalText,
    Synonyms: listOf(z.object({ Locale: text, Value: text })),
    PageIds: listLength,
    AssetIds: listLength,
  })
  .transform(
    (wire): Category =>
      compact({
        id: wire.Id,
        name: wire.Name,
        path: wire.Path,
        parentId: wire.ParentId,
        childrenCount: wire.ChildrenCount,
        locale: wire.Locale,
        synonyms: wire.Synonyms.filter(({ Value }) => Value !== '').map(({ Locale, Value }) => ({
          locale: Locale,
          value: Value,
        })),
        itemCount:
          wire.PageIds === undefined && wire.AssetIds === undefined
            ? undefined
            : (wire.PageIds ?? 0) + (wire.AssetIds ?? 0),
      }),
  );

/** Anything that has an id and a name. */
export const named = z.object({ Id: id, Name: text }).transform((wire) => ({ id: wire.Id, name: wire.Name }));

/** `UserModel`. */
export const user = z
  .object({ Id: id, Name: text, UserId: text, Title: optionalText, Disabled: flag, LastActive: time })
  .transform(
    (wire): UserEntry =>
      compact({
        id: wire.Id,
        name: wire.Name === '' ? wire.UserId : wire.Name,
        loginName: wire.UserId,
        title: wire.Title,
        disabled: wire.Disabled,
        lastActiveAt: wire.LastActive,
      }),
  );

/** `UserGroupModel`. */
export const userGroup = z
  .object({ Id: id, Name: text, UserIds: texts })
  .transform((wire): GroupEntry => ({ id: wire.Id, name: wire.Name, members: wire.UserIds }));

/** The login name in the claims of the caller; their form is not documented, so names and plain pairs are looked for. */
export const claimedLogin = z
  .unknown()
  .transform((wire): string | null => firstClaim(claimPairs(wire, 0), loginClaims));

/** The same claims as the user that they speak of; `null` where they name none. */
export const claimedPerson = z.unknown().transform((wire) => {
  const claims = claimPairs(wire, 0);
  const id = firstClaim(claims, idClaims);
  return id === null ? null : { id, login: firstClaim(claims, loginClaims) ?? id };
});

function firstClaim(claims: readonly (readonly [string, string])[], types: readonly string[]): string | null {
  for (const type of types) {
    const claim = claims.find(([name]) => name.toLowerCase().endsWith(type));
    if (claim !== undefined && claim[1] !== '') return claim[1];
  }
  return null;
}

/** Endings of claim types that name an entity, most lasting first. */
const idClaims = ['sub', 'nameid', '/nameidentifier', 'unique_name', '/name'];

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
