import { z } from 'zod';
import type { UploadOutcome } from '../../../../domain/ports/cms/assets.ts';
import { named } from './site.ts';
import { listOf, optionalText, text, texts } from './values.ts';

/** `AssetUploadResult`: only what is in `Assets` was stored; the rest are questions and refusals. */
export const uploadOutcome = z
  .object({
    Assets: texts,
    NamingConflictAssetId: optionalText,
    SchemasToChoose: z.object({ SchemaChoices: listOf(named) }).nullish(),
    Errors: listOf(z.object({ errorMsg: text })),
  })
  .transform((wire): UploadOutcome => {
    if (wire.Assets.length > 0) return { kind: 'stored', assetIds: wire.Assets };
    if (wire.NamingConflictAssetId !== undefined) return { kind: 'name_taken', assetId: wire.NamingConflictAssetId };
    const choices = wire.SchemasToChoose?.SchemaChoices ?? [];
    if (choices.length > 0) return { kind: 'choose_schema', choices };
    // Stack traces come along; only the messages are for others.
    return { kind: 'refused', reasons: wire.Errors.map(({ errorMsg }) => errorMsg) };
  });
