import { z } from 'zod';
import type { VersionInfo } from '../../../../domain/model/content-item.ts';
import { count, flag, id, listOf, text } from './values.ts';

/** `ContentItemVersionInfo`. */
export const versionInfo = z
  .object({
    Version: count,
    Date: text,
    User: text,
    Comments: text,
    CurrentVersion: flag,
    CheckoutVersion: flag,
    MasterVersion: count,
    PubTargets: z.object({ Targets: listOf(z.object({ Id: id, Name: text })) }).nullish(),
  })
  .transform(
    (wire): VersionInfo => ({
      version: wire.Version,
      date: wire.Date,
      user: wire.User,
      comment: wire.Comments,
      isCurrent: wire.CurrentVersion,
      isCheckedOutCopy: wire.CheckoutVersion,
      ...(wire.MasterVersion > 0 ? { masterVersion: wire.MasterVersion } : {}),
      targets: (wire.PubTargets?.Targets ?? []).map(({ Id, Name }) => ({ id: Id, name: Name })),
    }),
  );
