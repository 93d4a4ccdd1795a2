import { z } from 'zod';
import type { CreationRule, CreationRuleParent, Schema } from '../../../../domain/model/schema.ts';
import { compact, count, flag, id, listOf, optionalText, text } from './values.ts';

/** `SchemaModel`. */
export const schema = z
  .object({
    Id: id,
    RootName: text,
    FriendlyName: text,
    Name: text,
    IsAssetSchema: flag,
    IsComponentSchema: flag,
    Draft: flag,
    Version: count,
    WorkflowRequired: flag,
    WorkflowDefinitionName: optionalText,
    Fields: listOf(z.object({ Name: text, Type: text, Required: flag, ReadOnly: flag, Hidden: flag })),
  })
  .transform((wire): Schema => {
    const name = wire.RootName === '' ? wire.Name : wire.RootName;
    return compact({
      id: wire.Id,
      name,
      label: wire.FriendlyName === '' ? name : wire.FriendlyName,
      kind: schemaKind(wire),
      draft: wire.Draft,
      version: wire.Version,
      workflowRequired: wire.WorkflowRequired,
      workflowDefinitionName: wire.WorkflowDefinitionName,
      fields: wire.Fields.map((field) => ({
        name: field.Name,
        type: field.Type,
        required: field.Required,
        readOnly: field.ReadOnly,
        hidden: field.Hidden,
      })),
    });
  });

function schemaKind(wire: { readonly IsAssetSchema: boolean; readonly IsComponentSchema: boolean }): Schema['kind'] {
  if (wire.IsAssetSchema) return 'asset';
  return wire.IsComponentSchema ? 'component' : 'page';
}

const helpTexts = z.record(z.string(), z.string().catch('')).nullish();

/** `SchemaHelpTextEntry`: element and attribute names to their texts, empty ones left out. */
export const helpText = z
  .object({ attributes: helpTexts, elements: helpTexts })
  .transform(
    (wire): Readonly<Record<string, string>> =>
      Object.fromEntries(
        Object.entries({ ...wire.attributes, ...wire.elements }).filter(([, help]) => help.trim() !== ''),
      ),
  );

/** `PCRInfo`. */
export const creationRule = z
  .object({ Id: id, Name: text, Description: text, SchemaId: text, SchemaName: text, ParentPageCount: count })
  .transform(
    (wire): CreationRule => ({
      id: wire.Id,
      name: wire.Name,
      description: wire.Description,
      schemaId: wire.SchemaId,
      schemaName: wire.SchemaName,
      parentPageCount: wire.ParentPageCount,
    }),
  );

/** `PCRParent`. */
export const creationRuleParent = z
  .object({ Id: id, Name: text, Path: text, ParentOnly: flag, Accessible: flag })
  .transform(
    (wire): CreationRuleParent => ({
      id: wire.Id,
      name: wire.Name,
      path: wire.Path,
      parentOnly: wire.ParentOnly,
      accessible: wire.Accessible,
    }),
  );
