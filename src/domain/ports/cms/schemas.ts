import type { Page, PageRequest } from '../../model/paging.ts';
import type { CreationRule, CreationRuleParent, Schema, SchemaHelp } from '../../model/schema.ts';

/** Content types and page creation rules. They change rarely: reads may be up to `CACHE_TTL` seconds old. */
export interface CmsSchemas {
  /** `undefined` when neither an id nor a root name fits. Operation `Schemas_GetPageOrAssetSchema`. */
  get(idOrName: string): Promise<Schema | undefined>;
  /** Page and component schemas, or asset schemas. Operations `Schemas_GetSchemas`, `Schemas_GetAssetSchemas`. */
  list(kind: 'page' | 'asset', page: PageRequest): Promise<Page<Schema>>;
  /** Texts for AI where the site has them, else those for people. Operations `Configuration_GetAIHelpText`, `Configuration_GetHelpText`. */
  help(schemaId: string): Promise<SchemaHelp>;
  /** Operation `PCR_ListPCRInfo`. */
  creationRules(page: PageRequest): Promise<Page<CreationRule>>;
  /** Operation `PCR_GetPCRParents`. */
  creationRuleParents(ruleId: string, page: PageRequest): Promise<Page<CreationRuleParent>>;
}
