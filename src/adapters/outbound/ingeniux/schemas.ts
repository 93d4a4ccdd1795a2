import type { Schema } from '../../../domain/model/schema.ts';
import type { CmsSchemas } from '../../../domain/ports/cms/schemas.ts';
import type { Calls } from './calls.ts';
import { operations } from './catalogue/index.ts';
import { allItems, camelPaging, pascalPaging } from './wire/page.ts';
import { creationRule, creationRuleParent, helpText, schema } from './wire/schema.ts';

export function createSchemas(calls: Calls): CmsSchemas {
  return {
    get: (idOrName) =>
      calls.one(
        operations.Schemas_GetPageOrAssetSchema,
        { schemaIdOrRootName: idOrName, includePageSchemas: true, includeAssetSchemas: true },
        schema,
      ),
    list: (kind, page) =>
      kind === 'asset'
        ? calls.page(operations.Schemas_GetAssetSchemas, camelPaging(page), page, schema)
        : calls.page(operations.Schemas_GetSchemas, camelPaging(page), page, schema),
    help: async (schemaId) => {
      const forAi = await calls.one(operations.Configuration_GetAIHelpText, { schemaId }, helpText);
      if (forAi !== undefined && Object.keys(forAi).length > 0) return { fields: forAi, forAi: true };
      const forPeople = await calls.one(operations.Configuration_GetHelpText, { schemaId }, helpText);
      return { fields: forPeople ?? {}, forAi: false };
    },
    creationRules: (page) => calls.page(operations.PCR_ListPCRInfo, pascalPaging(page), page, creationRule),
    creationRuleParents: (ruleId, page) =>
      calls.page(operations.PCR_GetPCRParents, { RuleId: ruleId, ...pascalPaging(page) }, page, creationRuleParent),
  };
}

/** Ids of the component schemas: some models of the CMS name a schema without telling pages from components. */
export async function componentSchemaIds(schemas: CmsSchemas): Promise<ReadonlySet<string>> {
  const all: readonly Schema[] = await allItems((page) => schemas.list('page', page));
  return new Set(all.filter(({ kind }) => kind === 'component').map(({ id }) => id));
}
