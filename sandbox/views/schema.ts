import type { SandboxState, SchemaDefinition } from '../model.ts';
import { entityModel } from './entity.ts';

/** `SchemaModel` of the contract. Labels, defaults and allowed values exist inside but are not shown by the API. */
export function schemaModel(state: SandboxState, schema: SchemaDefinition) {
  const definition = state.workflowDefinitions.find((candidate) => candidate.id === schema.workflowDefinitionId);
  return {
    ...entityModel(state, schema.id, schema.friendlyName, 'Schema', schema),
    FriendlyName: schema.friendlyName,
    RootName: schema.rootName,
    IsAssetSchema: schema.kind === 'asset',
    Draft: schema.draft,
    Icon: schema.icon,
    HasThumbnail: false,
    ThumbnailId: null,
    ThumbnailRelativePath: null,
    WorkflowRequired: schema.workflowRequired,
    WorkflowDefinitionId: schema.workflowDefinitionId,
    WorkflowDefinitionName: definition?.name ?? null,
    Version: schema.version,
    FieldsCount: schema.fields.length,
    Fields: schema.fields.map((field) => ({
      Id: field.id,
      Name: field.name,
      IsXpower: field.isXpower,
      Type: field.type,
      Required: field.required,
      ReadOnly: field.readOnly,
      Hidden: field.hidden,
    })),
    IsComponentSchema: schema.kind === 'component',
    MapRequiredDitaval: false,
  };
}
