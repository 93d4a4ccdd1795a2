import { HttpRefusal } from '../exceptions.ts';
import type { HttpMethod, ParameterSpec, Route } from '../route.ts';

/**
 * Every operation of the contract that the sandbox knows but does not simulate: a wrong method and a missing required
 * key are answered as by the CMS, and a well-formed call with 501.
 */
export function unsimulatedRoutes(): Route[] {
  return OPERATIONS.trim()
    .split('\n')
    .map((line) => {
      const [operationId = '', method = '', path = '', ...query] = line.split(' ');
      return {
        operationId,
        // The table below holds nothing but the five methods and the parameter types of the contract.
        method: method as HttpMethod,
        path,
        query: Object.fromEntries(query.map((entry) => entry.split(':') as [string, ParameterSpec])),
        effect: 'read',
        handle() {
          throw new HttpRefusal(501, { Message: `The sandbox does not simulate ${operationId}.` });
        },
      } satisfies Route;
    });
}

/** Operation id, method, path, then `name:type` per query parameter; `!` marks a required key. */
const OPERATIONS = `
Analytics_GetSiteOverview GET /analytics/site-overview pubTgtId:string! startDate:string! endDate:string!
Analytics_GetPageOverview GET /analytics/page-overview pageId:string! pubTgtId:string! startDate:string! endDate:string!
Analytics_GetReport GET /analytics/report pubTgtId:string! reportTypeFullName:string! pageId:string! startDate:string! endDate:string!
Analytics_GoogleAuthCodeFlow POST /analytics/google-analytic-authcode-flow pubtgt:string! deviceCode:string! interval:int!
Analytics_GoogleConfirmProperty POST /analytics/google-analytic-property-confirm pubtgt:string! propertyId:string! propertyName:string!
Analytics_GoogleRevokeToken POST /analytics/google-analytic-revoke-token pubtgt:string!
Analytics_GetDeviceVerificationResponse POST /analytics/device-verification pubtgt:string!
ContentUnits_GetContentUnitPreviewData GET /content-units/content-unit-preview-data cuId:string!
ContentUnits_GetComponentUnitFragmentInstances GET /content-units/get-comp-unit-instances compUnitId:string!
ContentUnits_GetComponentUnitContent GET /content-units/get-comp-unit-content compUnitId:string!
ContentUnits_UpdateComponentUnitThumbnail PUT /content-units/update-comp-unit-thumb tempAssetUrl:string! contentUnitId:string!
ContentUnits_GetClassNamesFromCss POST /content-units/get-class-names-from-css
Hooks_GetCustomHooks GET /hooks
Hooks_GetCustomMacros GET /hooks/macros
Hooks_ExecuteCustomMacro POST /hooks/macros id:string!
IceComponentPicker_GetComponentSchemas GET /dialogs/ice-comp-picker/get-ice-comp-types
IceComponentPicker_GetTrays POST /dialogs/ice-comp-picker/get-trays
IceComponentPicker_GetComponentThumb GET /dialogs/ice-comp-picker/get-comp-thumb id:string!
IceComponentPicker_GetListPage GET /dialogs/ice-comp-picker/get-list-page start:int! count:int! sort:string! type:string! name:string! language:string! includeCus:bool! includeComps:bool!
DITA_GetDITABaseInfo GET /dita/base
DITA_GetDITASetupInfo GET /dita/setup-info
DITA_GetDITAOutputFormats GET /dita/output-formats
DITA_GetOTCommonParams GET /dita/ot-params-common
DITA_GetOTAdvancedParams GET /dita/ot-params-advanced
DITA_GetDITAVals GET /dita/ditavals
DITA_GetDITAAliases GET /dita/aliases assetId:string!
DITA_UpdateAliases PATCH /dita/aliases assetId:string!
DITA_DeleteAliases DELETE /dita/aliases assetId:string!
DITA_ViewDITAAlias GET /dita/viewalias aliasId:string!
DITA_GetDITAMaps POST /dita/ditamaps start:int! end:int! sortField:string! sortDescending:bool! filter:string! includeRemoved:bool
DITA_GetDITAMapTree GET /dita/ditamaptree mapId:string! pubTarget:string
DITA_GetDITAMapDetails GET /dita/ditamap-detail mapId:string! pubTarget:string
DITA_GetDITAMapDetailConfiguration GET /dita/ditamap-detail-config
DITA_SetDITAMapDetailConfiguration PUT /dita/ditamap-detail-config saveGlobally:bool!
DITA_PutSetting PUT /dita/setup-setting settingName:string! settingValue:string!
DITA_SetNormalizationFormat PUT /dita/output-format-norm formatString:string! name:string!
DITA_SetStaticFormat PUT /dita/output-format-static formatString:string! name:string selected:bool
DITA_SetLocalizedRenderSchema PUT /dita/localized-render-schema
DITA_RemoveLocalizedRenderSchema DELETE /dita/remove-localized-render-schema locale:string!
DITA_SetOTParamValue PUT /dita/ot-param
DITA_AddOTParams PUT /dita/ot-params
DITA_RemoveOTParams DELETE /dita/ot-params
DITA_ManipulateDITAVals PATCH /dita/ditaval-manipulation
DITA_RemoveDitaMapCollection DELETE /dita/remove-ditamap mapId:string!
DITA_MarkPublishDitaMapCollection PUT /dita/mark-ditamap mapId:string!
DITA_CheckoutDitaMapCollection POST /dita/checkout-ditamap mapId:string!
DITA_CheckInDitaMapCollection POST /dita/checkin-ditamap mapId:string!
DITA_PublishDITAMap POST /dita/publish-ditamap
DITA_DownloadDITAMapsCsv GET /dita/dita-maps-csv
DITA_DownloadMap GET /dita/download-ditamap mapId:string! publishingTargetId:string
Configuration_GetPageContextMenuConfiguration GET /configuration/pages/context-menu
Configuration_GetAssetContextMenuConfiguration GET /configuration/assets/context-menu
Configuration_GetLegacyGlobals GET /configuration/legacy-globals
Configuration_GetFlag GET /configuration/flag locale:string!
Configuration_GetGlobalCustomTabs GET /configuration/global-custom-tabs
InsiteSearch_GetCustomSettings GET /insite-search/custom-settings pubTgtId:string
InsiteSearch_SaveCustomSettings POST /insite-search/custom-settings pubTgtId:string!
InsiteSearch_GetBatchSizes GET /insite-search/batch-sizes isAsset:bool!
InsiteSearch_SaveBatchSizes POST /insite-search/batch-sizes isAsset:bool! defaultSize:int!
InsiteSearch_GetKeymatches GET /insite-search/keymatches
InsiteSearch_SaveKeymatches POST /insite-search/keymatches
InsiteSearch_ImportCsv POST /insite-search/import-csv
InsiteSearch_GetSynonyms GET /insite-search/synonyms
InsiteSearch_SaveSynonyms POST /insite-search/synonyms
InsiteSearch_ImportSynonyms POST /insite-search/import-synonyms
InsiteSearch_GetIndexingSchemas GET /insite-search/indexing-schemas pubTgtId:string!
InsiteSearch_SaveIndexingSchemas POST /insite-search/indexing-schemas pubTgtId:string!
InsiteSearch_GetIndexingSchemasOnly GET /insite-search/indexing-schemas-only pubTgtId:string!
InsiteSearch_GetIndexingFieldsForSchema GET /insite-search/indexing-fields pubTgtId:string! schemaId:string!
InsiteSearch_SaveIndexingFields POST /insite-search/indexing-fields pubTgtId:string! schemaId:string!
InsiteSearch_GetIndexingSiteWideFields GET /insite-search/sitewide-indexing-fields pubTgtId:string!
InsiteSearch_SaveSiteWideIndexingFields POST /insite-search/site-wide-indexing-fields pubTgtId:string!
InsiteSearch_GetAssetFolderChildren GET /insite-search/assetfolder-children assetFolderId:string!
InsiteSearch_GetIndexedAssetFolders GET /insite-search/indexed-asset-folders pubTgtId:string!
InsiteSearch_GetAssetFolderDetail GET /insite-search/asset-folders-detail assetFolderId:string!
InsiteSearch_SaveIndexingAssetFolders POST /insite-search/indexing-asset-folders pubTgtId:string!
InsiteSearch_GetBoostSchemas GET /insite-search/boost-schemas pubTgtId:string!
InsiteSearch_SaveBoostSchemas POST /insite-search/boost-schemas pubTgtId:string!
InsiteSearch_GetBoostFieldsForSchema GET /insite-search/boost-fields pubTgtId:string! schemaId:string!
InsiteSearch_SaveBoostFieldsForSchema POST /insite-search/boost-fields pubTgtId:string! schemaId:string!
InsiteSearch_GetBoostSiteWideFields GET /insite-search/sitewide-boost-fields pubTgtId:string!
InsiteSearch_SaveSiteWideBoostFields POST /insite-search/site-wide-boost-fields pubTgtId:string!
InsiteSearch_ApplyToTargets POST /insite-search/apply-to-target curPubTgtId:string!
L10N_GetPageSchemas GET /L10N/page-schemas PageSize:int StartIndex:int
L10N_GetComponentSchemas GET /L10N/component-schemas PageSize:int StartIndex:int
L10N_GetAssetSchemas GET /L10N/asset-schemas PageSize:int StartIndex:int
L10N_GetPCRs GET /L10N/pcrs PageSize:int StartIndex:int
L10N_GetWorkflowDefinitions GET /L10N/workflow-definitions PageSize:int StartIndex:int
L10N_GetWorkstates GET /L10N/workstates PageSize:int StartIndex:int
Logs_GetCMSLog GET /logs/cms sort:string PageSize:int StartIndex:int
Logs_GetCMSLogFile GET /logs/cms/file
Logs_GetCMSLogArchives GET /logs/cms/archive
Dashboard_GetAnalyticTrafficData GET /dashboard/analytic_traffic-data pubTgtId:string!
Dashboard_GetAnalyticMediumData GET /dashboard/analytic_medium-data pubTgtId:string!
Dashboard_GetProductionData GET /dashboard/production-data pubTgtId:string startDate:string endDate:string
Entity_Get GET /documents id:string!
Entity_Archive PATCH /documents/archive entityId:string!
Entity_UnArchive PATCH /documents/unarchive entityId:string!
Themes_Get GET /themes/theme id:string!
Themes_Update PUT /themes/theme
Themes_Delete DELETE /themes/theme id:string!
Themes_Less GET /themes/less id:string! download:bool
Themes_Scss GET /themes/scss id:string! download:bool
Themes_List GET /themes startIndex:int pageSize:int
Themes_Create POST /themes name:string!
Themes_SetDefault POST /themes/default themeId:string!
Themes_Upload POST /themes/upload
Preview_GetDitaAssetPreviewStatus GET /preview/dita-asset-preview-status assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_CancelDitaAssetPreview DELETE /preview/dita-asset-preview assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_StartGeneratingDitaAssetPreview POST /preview/dita-asset-preview assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_DownloadLog GET /preview/asset-dependents-csv logPath:string!
Publishing_CreatePublishingTarget POST /publishing/target
Publishing_UpdatePublishingTarget PUT /publishing/target
Publishing_SetPublishingTargetGroups POST /publishing/target/groups publishingTargetId:string!
Publishing_GetDitaDependencies POST /publishing/gather-dependencies pubTargetIds:string!
Publishing_GetDitaOutputFormats GET /publishing/dita-output-formats searchString:string
Publishing_GetPostPublishContentProcessors GET /publishing/content-processors pubTargetId:string!
Publishing_SetPostPublishContentProcessor POST /publishing/content-processors publishingTargetId:string!
Publishing_GetContentProcessorLogs GET /publishing/content-processor-logs StartIndex:int PageSize:int SortField:string SortOrder:string filter:string
Reports_GetScheduling GET /reports/scheduling count:int! workingLocale:string!
Reports_ToggleScheduler POST /reports/toggle-scheduler toStart:bool! workingLocale:string!
Reports_GetFolder GET /reports/folder folderId:string! workingLocale:string!
Reports_SaveFolder POST /reports/folder folderId:string! folderName:string! workingLocale:string!
Reports_GetReport GET /reports/report reportId:string! workingLocale:string!
Reports_GetColumns GET /reports/columns reportId:string! involvedDocuments:string! query:string! workingLocale:string!
Reports_SaveSimpleReport PUT /reports/simple-report workingLocale:string!
Reports_GetSimpleReportResults GET /reports/simple-report reportId:string! workingLocale:string!
Reports_SaveParameterizedReport PUT /reports/parameterized-report workingLocale:string!
Reports_GetParameterizedReportResults POST /reports/parameterized-report reportId:string! workingLocale:string!
Reports_SaveAdvancedReport PUT /reports/advanced-report workingLocale:string!
Reports_SaveReportSchedules PUT /reports/report-schedules workingLocale:string!
Schemas_UploadSchema POST /schemas/upload
Schemas_GenerateThumbnailFromPreview POST /schemas/generate-thumb-from-preview previewUrl:string! compSchemaName:string! componentId:string
Schemas_GetSchemaUsageForSyncLogPaginated GET /schemas/schema-sync-log SyncLogId:string SchemaId:string Type:string Outdated:bool SortField:string SortOrder:string PageSize:int StartIndex:int
Assets_CheckAssetAliases GET /assets/asset-aliases ids:list
Assets_CheckDitaContentMovingOutOfDitaRoot GET /assets/dita-move-validation srcIds:string! tgtId:string!
Assets_Unzip POST /assets/unzip assetId:string! cleanFolder:bool!
Assets_GetAssetDitaProperties GET /assets/asset-dependency assetId:string!
Assets_GetAllAssetOwners GET /assets/asset-owners-deep assetId:string!
Assets_GetAvailableKeyDefinitions GET /assets/dita-key-defs assetId:string! topMapId:string includeUnconfirmed:bool
Assets_DownloadAssetOwnersCsv GET /assets/asset-owners-csv assetId:string! all:bool! pubTargetId:string showAllPubTargets:bool
Assets_DownloadAssetDependentsCsv GET /assets/asset-dependents-csv assetId:string! all:bool! pubTargetId:string showAllPubTargets:bool
Assets_GetAssetDITAScopes GET /assets/ditamap-scopes assetId:string! pubTargetId:string!
Assets_GetAllAssetDependents GET /assets/asset-dependents-deep assetId:string!
Assets_SetAssetOutputFormats PUT /assets/asset-dita-output-formats assetId:string!
Assets_SetAssetDitavals PUT /assets/asset-ditavals assetId:string!
Assets_DeleteDitaPreviewCache DELETE /assets/dita-preview-cache assetId:string! pubTargetId:string
Assets_GetOxygenAccessCredentials PUT /assets/dita-oxygen-oauth-creds
Pages_CreateDITAAlias PUT /pages/dita-alias assetId:string! parentPageId:string! accuracyMode:bool ditaContentOnly:bool
Pages_UpdateDITAAlias PATCH /pages/dita-alias aliasId:string! updateChildren:bool
Settings_GetSetting GET /settings/setting
Settings_PutSetting PUT /settings/setting
Settings_GetSection GET /settings/section sectionName:string!
Settings_PutSection PUT /settings/section sectionName:string!
Settings_GetData POST /settings/data
Settings_SetData PUT /settings/data
Settings_GetCustomTabs GET /settings/custom-tabs
Settings_SetCustomTabs PUT /settings/custom-tabs
Settings_GetTaskUsers GET /settings/task-users q:string!
Settings_ResetClientSecret POST /settings/reset-client-secret clientId:string!
Settings_GetOAuthIdentities GET /settings/access-tokens
Settings_SetOAuthIdentities PUT /settings/access-tokens
Settings_GetGlobalVariables GET /settings/global-variables
Settings_SetGlobalVariables PUT /settings/global-variables
Settings_DeployDitaOT PATCH /settings/deploy-dita-ot version:string! downloadUrl:string!
Settings_RemoveDitaOTDeployment DELETE /settings/remove-dita-ot
Settings_RemoveDitaOTPlugin DELETE /settings/remove-dita-ot-plugin pluginFolder:string!
Settings_RestoreDitaOTPlugin DELETE /settings/restore-dita-ot-plugin pluginFolder:string!
Settings_UploadDitaOTPlugin POST /settings/add-dita-ot-plugin
Settings_DeployCustomOT POST /settings/deploy-custom-ot
Settings_ManipulateDitavals POST /settings/ditaval-manipulation
Settings_GetArchiveTypes GET /settings/archive-types
Settings_GetGroupsForTreeMenu GET /settings/page-tree-menu-groups
Settings_GetGroupsForAssetTreeMenu GET /settings/asset-tree-menu-groups
Settings_GetPossiblePageTreeMenuItems GET /settings/page-tree-menu-items
Settings_GetPossibleAssetTreeMenuItems GET /settings/asset-tree-menu-items
Settings_GetPossibleTinyMceItems GET /settings/tinymce-items propertyName:string!
Settings_GetTinyMceGroups GET /settings/tinymce-groups settingName:string!
Settings_GetPresentationsFormatters GET /settings/presentation-formatters
Settings_GetServerVariables GET /settings/server-variables
Settings_ForceArchive POST /settings/force-archive type:string!
Settings_RemoveGroupProfileForPageTreeMenu DELETE /settings/page-tree-group groupId:string!
Settings_RemoveGroupProfileForAssetTreeMenu DELETE /settings/asset-tree-group groupId:string!
Settings_RemoveTinyMceGroup DELETE /settings/tinymce-group groupId:string! settingName:string!
Settings_RemoveDictionary DELETE /settings/dictionary locale:string!
Settings_CreateCustomLocale PUT /settings/custom-locale locale:string! baseLocale:string! englishName:string!
Settings_RemoveCustomLocale DELETE /settings/custom-locale locale:string!
Taxonomy_GetCategorySecurity GET /taxonomy/category/security id:string!
Taxonomy_SetCategorySecurity PUT /taxonomy/category/security
Test_GetProgress POST /test/progress timeout:int!
Accounts_GetUserGroupSecurities GET /accounts/security-groups startIndex:int pageSize:int
Accounts_ResetPassword POST /accounts/users/reset-passwords
Workflow_SetWorkflowDefinitionDetails PUT /workflows/definition
Workflow_DeleteWorkflowDefinition DELETE /workflows/definition definitionId:string!
Workflow_CreateWorkstate PUT /workflows/workstate
Workflow_SaveWorkstate POST /workflows/workstate
Workflow_DeleteWorkstate DELETE /workflows/workstate
Workflow_PrepareTemplate POST /workflows/prepare-template
Replication_CreateReplicationTarget POST /publishing/replication/target
Replication_DeleteReplicationTarget DELETE /publishing/replication/target replicationTargetId:string! publishingTargetId:string!
Replication_ReplicationTarget GET /publishing/replication/target replicationTargetId:string! publishingTargetId:string!
Replication_UpdateReplicationTarget PUT /publishing/replication/target
Replication_GetAwsRegionEndpoints GET /publishing/replication/aws-region-endpoints
Replication_GetReplicationLogDetails GET /publishing/replication/target/log-detail replicationTargetId:string!
Replication_GetReplicationTargetTypes GET /publishing/replication/target-types
Replication_ReplicationTargets GET /publishing/replication/targets publishingTargetId:string!
Replication_SetReplicationTargets POST /publishing/replication/targets publishingTargetId:string!
Replication_UploadCertificate POST /publishing/replication/upload-cert
Replication_UploadPrivateKey POST /publishing/replication/upload-private-key
`;
