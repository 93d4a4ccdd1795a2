/**
 * The 396 operations of the contract, one a line: id, method, path, who may call it, answer, parameters.
 *
 * Who: `read` and `write` ask for the rights of the area, `admin` changes something and `admin-read` only reads, both
 * for administrators. The answer `-` is an empty 204. A parameter is `name:type`; `!` = the key must be present,
 * `=value` = the default, `@` in front = the JSON body, `#` = a form field, `%` = a part of the path.
 */
export const operationTable = `
Analytics_GetSiteOverview GET /analytics/site-overview read SiteOverviewModel pubTgtId:string! startDate:string! endDate:string!
Analytics_GetPageOverview GET /analytics/page-overview read PageOverviewModel pageId:string! pubTgtId:string! startDate:string! endDate:string!
Analytics_GetReport GET /analytics/report read ReportData pubTgtId:string! reportTypeFullName:string! pageId:string! startDate:string! endDate:string!
Analytics_GoogleAuthCodeFlow POST /analytics/google-analytic-authcode-flow admin SelectPropertyModel pubtgt:string! deviceCode:string! interval:int!
Analytics_GoogleConfirmProperty POST /analytics/google-analytic-property-confirm admin bool pubtgt:string! propertyId:string! propertyName:string!
Analytics_GoogleRevokeToken POST /analytics/google-analytic-revoke-token admin bool pubtgt:string!
Analytics_GetDeviceVerificationResponse POST /analytics/device-verification admin DeviceVerificationResponse pubtgt:string!
ContentUnits_GetContentUnitPreviewData GET /content-units/content-unit-preview-data read ContentUnitPreviewData cuId:string!
ContentUnits_GetComponentUnitFragmentInstances GET /content-units/get-comp-unit-instances read ComponentFragmentInstance[] compUnitId:string!
ContentUnits_GetComponentUnitContent GET /content-units/get-comp-unit-content read ContentUnitIceUpdateModel compUnitId:string!
ContentUnits_UpdateComponentUnitThumbnail PUT /content-units/update-comp-unit-thumb write StringResultModel tempAssetUrl:string! contentUnitId:string!
ContentUnits_GetClassNamesFromCss POST /content-units/get-class-names-from-css read string[] @input:GetClassNamesParam!
Hooks_GetCustomHooks GET /hooks admin-read StringResultModel
Hooks_GetCustomMacros GET /hooks/macros read CustomMacroModel[]
Hooks_ExecuteCustomMacro POST /hooks/macros admin bool id:string!
IceComponentPicker_GetComponentSchemas GET /dialogs/ice-comp-picker/get-ice-comp-types read KeyValuePairOfStringAndString[]
IceComponentPicker_GetTrays POST /dialogs/ice-comp-picker/get-trays read ListRangeDataOfTraysDataModel @parameters:GetTraysRequest!
IceComponentPicker_GetComponentThumb GET /dialogs/ice-comp-picker/get-comp-thumb read StringResultModel id:string!
IceComponentPicker_GetListPage GET /dialogs/ice-comp-picker/get-list-page read GridDataOfComponentItemInfo start:int! count:int! sort:string! type:string! name:string! language:string! includeCus:bool! includeComps:bool!
DITA_GetDITABaseInfo GET /dita/base read DITAModelBase
DITA_GetDITASetupInfo GET /dita/setup-info read DITASetupModel
DITA_GetDITAOutputFormats GET /dita/output-formats read DITAOutputFormats
DITA_GetOTCommonParams GET /dita/ot-params-common read DitaOTParamWithInstructionGroup[]
DITA_GetOTAdvancedParams GET /dita/ot-params-advanced read DitaOTParamsAdvanced
DITA_GetDITAVals GET /dita/ditavals read DitavalEntry[]
DITA_GetDITAAliases GET /dita/aliases read DitaAliasesModel assetId:string!
DITA_UpdateAliases PATCH /dita/aliases write string[] assetId:string! @aliasIds:string[]!
DITA_DeleteAliases DELETE /dita/aliases write string[] assetId:string! @aliasIds:string[]!
DITA_ViewDITAAlias GET /dita/viewalias read DitaTreeNode aliasId:string!
DITA_GetDITAMaps POST /dita/ditamaps read PaginatedModelWithTagOfDitaMapEntryAndBoolean start:int! end:int! sortField:string! sortDescending:bool! filter:string! @advancedSearch:AdvancedSearchParams! includeRemoved:bool=true
DITA_GetDITAMapTree GET /dita/ditamaptree read DitaTreeNode mapId:string! pubTarget:string
DITA_GetDITAMapDetails GET /dita/ditamap-detail read DitaMapDetails mapId:string! pubTarget:string
DITA_GetDITAMapDetailConfiguration GET /dita/ditamap-detail-config read DitaMapFieldConfig[]
DITA_SetDITAMapDetailConfiguration PUT /dita/ditamap-detail-config admin bool @fields:DitaMapFieldConfig[]! saveGlobally:bool!
DITA_PutSetting PUT /dita/setup-setting admin string settingName:string! settingValue:string!
DITA_SetNormalizationFormat PUT /dita/output-format-norm admin bool formatString:string! name:string!
DITA_SetStaticFormat PUT /dita/output-format-static admin bool formatString:string! name:string selected:bool=false
DITA_SetLocalizedRenderSchema PUT /dita/localized-render-schema admin DITALocalizedSchema2[] @schema:DITALocalizedSchema2!
DITA_RemoveLocalizedRenderSchema DELETE /dita/remove-localized-render-schema admin DITALocalizedSchema2[] locale:string!
DITA_SetOTParamValue PUT /dita/ot-param admin DitaOTParamWithInstruction @param:DitaOTParamWithInstruction!
DITA_AddOTParams PUT /dita/ot-params admin bool @otParams:OTParameter[]!
DITA_RemoveOTParams DELETE /dita/ot-params admin bool @otParams:OTParameter[]!
DITA_ManipulateDITAVals PATCH /dita/ditaval-manipulation write bool @operation:DitavalManipulationOperation!
DITA_RemoveDitaMapCollection DELETE /dita/remove-ditamap write bool mapId:string!
DITA_MarkPublishDitaMapCollection PUT /dita/mark-ditamap write bool mapId:string! @marking:NameNumberPair[]!
DITA_CheckoutDitaMapCollection POST /dita/checkout-ditamap write bool mapId:string!
DITA_CheckInDitaMapCollection POST /dita/checkin-ditamap write bool mapId:string! @pubTgtIds:string[]!
DITA_PublishDITAMap POST /dita/publish-ditamap write bool @ditaPubParams:DitaPublishParams!
DITA_DownloadDITAMapsCsv GET /dita/dita-maps-csv read file
DITA_DownloadMap GET /dita/download-ditamap read file mapId:string! publishingTargetId:string
Configuration_GetHelpText GET /configuration/help-text read SchemaHelpTextEntry schemaId:string!
Configuration_GetAIHelpText GET /configuration/ai-help-text read SchemaHelpTextEntry schemaId:string!
Configuration_GetHelpTextByContentItem GET /configuration/help-text-by-content-item read SchemaHelpTextEntry contentItemId:string!
Configuration_GetAllHelpText GET /configuration/help-texts read SchemaHelpTextEntry[]
Configuration_GetPageContextMenuConfiguration GET /configuration/pages/context-menu read ContextMenuItemModel[]
Configuration_GetAssetContextMenuConfiguration GET /configuration/assets/context-menu read ContextMenuItemModel[]
Configuration_GetLegacyGlobals GET /configuration/legacy-globals read LegacyGlobalModel
Configuration_GetFlag GET /configuration/flag read file locale:string!
Configuration_GetGlobalCustomTabs GET /configuration/global-custom-tabs read CustomTabInformation[]
InsiteSearch_GetCustomSettings GET /insite-search/custom-settings read CustomSettingEntry[] pubTgtId:string
InsiteSearch_SaveCustomSettings POST /insite-search/custom-settings admin bool pubTgtId:string! @data:CustomSettingEntry[]!
InsiteSearch_GetBatchSizes GET /insite-search/batch-sizes read BatchSizeSettings isAsset:bool!
InsiteSearch_SaveBatchSizes POST /insite-search/batch-sizes admin bool isAsset:bool! defaultSize:int! @data:BatchSizeSetting[]!
InsiteSearch_GetKeymatches GET /insite-search/keymatches read KeyMatchEntry[]
InsiteSearch_SaveKeymatches POST /insite-search/keymatches admin bool @data:KeyMatchEntry[]!
InsiteSearch_ImportCsv POST /insite-search/import-csv admin file
InsiteSearch_GetSynonyms GET /insite-search/synonyms read SynonymDataEntry[]
InsiteSearch_SaveSynonyms POST /insite-search/synonyms admin bool @data:SynonymDataEntry[]!
InsiteSearch_ImportSynonyms POST /insite-search/import-synonyms admin file
InsiteSearch_GetIndexingSchemas GET /insite-search/indexing-schemas read SchemaIndexingData[] pubTgtId:string!
InsiteSearch_SaveIndexingSchemas POST /insite-search/indexing-schemas admin bool pubTgtId:string! @data:SchemaIndexingData[]!
InsiteSearch_GetIndexingSchemasOnly GET /insite-search/indexing-schemas-only read SchemaIndexingData[] pubTgtId:string!
InsiteSearch_GetIndexingFieldsForSchema GET /insite-search/indexing-fields read SchemaFieldIndexingData[] pubTgtId:string! schemaId:string!
InsiteSearch_SaveIndexingFields POST /insite-search/indexing-fields admin bool pubTgtId:string! schemaId:string! @data:SchemaFieldIndexingData[]!
InsiteSearch_GetIndexingSiteWideFields GET /insite-search/sitewide-indexing-fields read SchemaFieldIndexingData[] pubTgtId:string!
InsiteSearch_SaveSiteWideIndexingFields POST /insite-search/site-wide-indexing-fields admin bool pubTgtId:string! @data:SchemaFieldIndexingData[]!
InsiteSearch_GetAssetFolderChildren GET /insite-search/assetfolder-children read AssetFolderInfo[] assetFolderId:string!
InsiteSearch_GetIndexedAssetFolders GET /insite-search/indexed-asset-folders read AssetFolderIndexingData[] pubTgtId:string!
InsiteSearch_GetAssetFolderDetail GET /insite-search/asset-folders-detail read AssetFolderIndexingData assetFolderId:string!
InsiteSearch_SaveIndexingAssetFolders POST /insite-search/indexing-asset-folders admin bool pubTgtId:string! @data:AssetFolderIndexingData[]!
InsiteSearch_GetBoostSchemas GET /insite-search/boost-schemas read SchemaBoostData[] pubTgtId:string!
InsiteSearch_SaveBoostSchemas POST /insite-search/boost-schemas admin bool pubTgtId:string! @data:SchemaBoostData[]!
InsiteSearch_GetBoostFieldsForSchema GET /insite-search/boost-fields read SchemaFieldIndexingData[] pubTgtId:string! schemaId:string!
InsiteSearch_SaveBoostFieldsForSchema POST /insite-search/boost-fields admin bool pubTgtId:string! schemaId:string! @data:SchemaFieldIndexingData[]!
InsiteSearch_GetBoostSiteWideFields GET /insite-search/sitewide-boost-fields read SchemaFieldIndexingData[] pubTgtId:string!
InsiteSearch_SaveSiteWideBoostFields POST /insite-search/site-wide-boost-fields admin bool pubTgtId:string! @data:SchemaFieldIndexingData[]!
InsiteSearch_ApplyToTargets POST /insite-search/apply-to-target admin bool curPubTgtId:string! @pubTgtIds:string[]!
L10N_GetLocalizationStats GET /L10N/stats read SiteDefinitionsLocalizationStats
L10N_GetPageSchemas GET /L10N/page-schemas read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
L10N_GetComponentSchemas GET /L10N/component-schemas read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
L10N_GetAssetSchemas GET /L10N/asset-schemas read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
L10N_GetPCRs GET /L10N/pcrs read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
L10N_GetWorkflowDefinitions GET /L10N/workflow-definitions read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
L10N_GetWorkstates GET /L10N/workstates read PaginatedModelOfSiteDefinitionsLocalizationListItem PageSize:int StartIndex:int
Logs_GetCMSLog GET /logs/cms read LogViewerOutput sort:string PageSize:int StartIndex:int
Logs_GetCMSLogFile GET /logs/cms/file read file
Logs_GetCMSLogArchives GET /logs/cms/archive read file
Notifications_GetContentFreeze GET /notifications/contentfreeze read ContentFreezeNotifcation
Notifications_GetAlerts GET /notifications/alerts read AlertCollectionModel all:bool=false
Dashboard_GetOverview GET /dashboard/overview read OverviewModel
Dashboard_GetOnlineUsers GET /dashboard/online-users read UserModel[] count:int=10
Dashboard_PostComment POST /dashboard/comment write UserActivityModel comment:string!
Dashboard_GetActivityStream GET /dashboard/activity-stream read UserActivityModel[] count:int=10
Dashboard_GetAnalyticTrafficData GET /dashboard/analytic_traffic-data read PubTargetAnalyticsData pubTgtId:string!
Dashboard_GetAnalyticMediumData GET /dashboard/analytic_medium-data read PubTargetAnalyticsPieChart pubTgtId:string!
Dashboard_GetProductionData GET /dashboard/production-data read ProductionDataModel pubTgtId:string= startDate:string= endDate:string=
Entity_Get GET /documents read EntityModel id:string!
Entity_Archive PATCH /documents/archive write EntityModel entityId:string!
Entity_UnArchive PATCH /documents/unarchive write EntityModel entityId:string!
Themes_Get GET /themes/theme read ThemeModel id:string!
Themes_Update PUT /themes/theme admin ThemeModel @input:ThemeModel!
Themes_Delete DELETE /themes/theme admin bool id:string!
Themes_Less GET /themes/less read file id:string! download:bool=false
Themes_Scss GET /themes/scss read file id:string! download:bool=false
Themes_List GET /themes read PaginatedModelOfThemeModel startIndex:int=0 pageSize:int=50
Themes_Create POST /themes admin ThemeModel name:string!
Themes_SetDefault POST /themes/default admin ThemeModel themeId:string!
Themes_Upload POST /themes/upload admin ThemeModel
PCR_ListPCRInfo GET /pcr/info read PaginatedModelOfPCRInfo PageSize:int StartIndex:int
PCR_GetPCRInfo GET /pcr read PCRInfo ruleId:string!
PCR_CreatePCRInfo POST /pcr admin PCRInfo @request:CreatePCRRequest!
PCR_SetPCRInfo PUT /pcr admin PCRInfo @request:UpdatePCRRequest!
PCR_RemovePCRInfo DELETE /pcr admin bool pcrId:string!
PCR_GetPCRParents GET /pcr/parents read PaginatedModelOfPCRParent RuleId:string PageSize:int StartIndex:int
PCR_GetPCRParentPages GET /pcr/parentpages read PCRParentPageModel[] ruleId:string! pageId:string=
PCR_GetPCRChildPages GET /pcr/childpages read PageModel[] pageId:string!
PCR_GetPCRDetails GET /pcr/details read PCRDetails pcrId:string!
Preview_GetPageXml GET /preview/page-xml read PageXmlModel pageId:string! version:int=0 checkedOut:bool=true
Preview_GetPage GET /preview/page read PagePreviewModel id:string!
Preview_GetPageDescendants GET /preview/page-descendants read SimpleCacheItemModel[] id:string! depth:int=0 maxCount:int=-1
Preview_GetPageMapEntryByPath GET /preview/page-map-by-path read PageMapModel path:string! pubTargetId:string=
Preview_GetPageMapEntry GET /preview/page-map read PageMapModel pageId:string! pubTargetId:string=
Preview_GetAssetMapEntry GET /preview/asset-map read AssetMapModel id:string! pubTargetId:string=
Preview_GetAssetDescendants GET /preview/asset-descendants read AssetCacheItemModel[] id:string! depth:int=0 maxCount:int=-1
Preview_GetAssetMapEntryByPath GET /preview/asset-map-by-path read AssetMapModel path:string! pubTargetId:string=
Preview_GetPageReference GET /preview/page-reference read SimpleCacheItemModel id:string!
Preview_GetAssetReference GET /preview/asset-reference read AssetCacheItemModel id:string!
Preview_GetAssetXMP GET /preview/asset-xmp read file id:string! version:int=0 checkedOut:bool=true
Preview_GetAssetFile GET /preview/asset-file read file assetId:string! version:int=0 checkedOut:bool=true
Preview_GetTaxonomyCategory GET /preview/taxonomy read CategoryModel id:string!
Preview_GetTaxonomyCategoriesByPage GET /preview/taxonomy-by-page read CategoryModel[] id:string!
Preview_GetTaxonomyCategoriesByAsset GET /preview/taxonomy-by-asset read CategoryModel[] id:string!
Preview_GetTaxonomyCategoryDescendants GET /preview/taxonomy-descendants read SimpleCacheItemModel[] id:string! depth:int=0 maxCount:int=-1
Preview_GetGlobalExports GET /preview/global-exports read GlobalExport[]
Preview_StreamPageXml GET /preview/stream/page-xml read PageXmlModel[] pubTgtId:string! count:int=-1
Preview_StreamPageReferences GET /preview/stream/page-references read SimpleCacheItemModel[] count:int=-1
Preview_StreamAssetReferences GET /preview/stream/asset-references read AssetCacheItemModel[] count:int=-1
Preview_StreamTaxonomyCategories GET /preview/stream/taxonomy read CategoryModel[] count:int=-1
Preview_GetPageForwardReferences GET /preview/page-forward-references read string[] @ids:string[]!
Preview_GetPageCrossReferences GET /preview/page-cross-references read string[] @ids:string[]!
Preview_GetDitaAssetPreviewStatus GET /preview/dita-asset-preview-status read DitaAssetPreviewModel assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_CancelDitaAssetPreview DELETE /preview/dita-asset-preview write bool assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_StartGeneratingDitaAssetPreview POST /preview/dita-asset-preview read DitaAssetPreviewModel assetId:string! mapId:string! ditavalId:string! ditaNormPubTargetId:string! pubTargetId:string
Preview_DownloadLog GET /preview/asset-dependents-csv read file logPath:string!
Publishing_GetPubPreviewTaskContentPage GET /publishing/publish-preview-content read PaginatedModelOfPublishingPreviewContentItemModel TaskId:string ForAssets:bool Filter:string PageSize:int StartIndex:int
Publishing_PublishPreview POST /publishing/publish-preview read PublishingPreviewTaskModel contentItemId:string! publishingTargetId:string! incremental:bool! includeChildren:bool! sitePublish:bool!
Publishing_GetPublishingLogDetails GET /publishing/log-detail read PublishCompletionLogModel id:string!
Publishing_GetPublishingTargetPublishingSummary GET /publishing/target-summary read PublishingLogSummary publishingTargetId:string!
Publishing_GetCurrentTasks GET /publishing/current-tasks read PublishingMonitorModel
Publishing_GetRedirects GET /publishing/redirects read PaginatedModelOfRedirectInfo Sort:string SortDirection:string PageSize:int StartIndex:int
Publishing_DeleteRedirects DELETE /publishing/redirects write bool[] @redirectIds:string[]!
Publishing_SaveRedirect PUT /publishing/redirect write RedirectInfo @data:RedirectInfo!
Publishing_DeleteRedirect DELETE /publishing/redirect write bool redirectId:string!
Publishing_GetPublishingTarget GET /publishing/target read PublishingTargetModel publishingTargetId:string!
Publishing_CreatePublishingTarget POST /publishing/target admin PublishingTargetModel @publishingTarget:PublishingTargetModel!
Publishing_UpdatePublishingTarget PUT /publishing/target admin PublishingTargetModel @publishingTarget:PublishingTargetModel!
Publishing_GetPublishingTargets GET /publishing/targets read PaginatedModelOfPublishingTargetModel ProfileId:string OrderBy:PublishingTargetOrder PageSize:int StartIndex:int
Publishing_SetPublishingTargetGroups POST /publishing/target/groups admin UserGroupModel[] publishingTargetId:string! @userGroupIds:string[]!
Publishing_GetPublishingTargetGroups GET /publishing/target/groups read UserGroupModel[] publishingTargetId:string!
Publishing_GetContentItemPublishedToTarget POST /publishing/content-publish-history read ContentItemPublishStatusModel[] publishingTargetId:string! @contentItemIds:string[]!
Publishing_GetUserAgents GET /publishing/user-agents read UserAgentModel[]
Publishing_GetSites GET /publishing/sites read SiteModel[]
Publishing_GetDitaDependencies POST /publishing/gather-dependencies read DitaPublishingDependencies pubTargetIds:string! @contentIds:string[]!
Publishing_GetDitaOutputFormats GET /publishing/dita-output-formats read DitaPublishingOutputFormatInfo[] searchString:string=
Publishing_GetPostPublishContentProcessors GET /publishing/content-processors read ContentProcessorsInfo pubTargetId:string!
Publishing_SetPostPublishContentProcessor POST /publishing/content-processors admin ContentProcessorModel[] publishingTargetId:string! @contentProcessors:ContentProcessorModel[]!
Publishing_GetContentProcessorLogs GET /publishing/content-processor-logs read ContentProcessorLogs StartIndex:int=0 PageSize:int=20 SortField:string= SortOrder:string=NONE filter:string=
Reports_GetStats GET /reports/stats read StatsResponse periodDataOnly:bool! begingDate:string!
Reports_GetScheduling GET /reports/scheduling read ReportScheduling count:int! workingLocale:string!
Reports_ToggleScheduler POST /reports/toggle-scheduler admin ReportSchedulerState toStart:bool! workingLocale:string!
Reports_GetFolder GET /reports/folder read FolderInformation folderId:string! workingLocale:string!
Reports_SaveFolder POST /reports/folder admin FolderInformation folderId:string! folderName:string! workingLocale:string!
Reports_GetReport GET /reports/report read ReportInformation reportId:string! workingLocale:string!
Reports_GetColumns GET /reports/columns read ReportColumnCandidate[] reportId:string! involvedDocuments:string! query:string! workingLocale:string!
Reports_SaveSimpleReport PUT /reports/simple-report admin bool @reportInfo:SimpleReportInformation! workingLocale:string!
Reports_GetSimpleReportResults GET /reports/simple-report read ReportResult reportId:string! workingLocale:string!
Reports_SaveParameterizedReport PUT /reports/parameterized-report admin bool @reportInfo:ParameterizedReportInformation! workingLocale:string!
Reports_GetParameterizedReportResults POST /reports/parameterized-report read ReportResult reportId:string! @parameters:ReportNameValuePair[]! workingLocale:string!
Reports_SaveAdvancedReport PUT /reports/advanced-report admin bool @reportInfo:AdvancedReportInformation! workingLocale:string!
Reports_SaveReportSchedules PUT /reports/report-schedules admin ScheduleUpdateResponse @reportInfo:ReportSchedulesInformation! workingLocale:string!
Schemas_UploadSchema POST /schemas/upload admin StringResultModel
Schemas_GenerateThumbnailFromPreview POST /schemas/generate-thumb-from-preview write StringResultModel previewUrl:string! compSchemaName:string! componentId:string=
Schemas_GetComponentSchemaReferences GET /schemas/pages-by-comp-schema read PaginatedModelOfCompSchemaPage schemaId:string! filter:string= StartIndex:int=0 PageSize:int=50
Schemas_GetSchemas GET /schemas/schemas read PaginatedModelOfSchemaModel startIndex:int=0 pageSize:int=50
Schemas_GetAssetSchemas GET /schemas/asset-schemas read PaginatedModelOfSchemaModel startIndex:int=0 pageSize:int=50
Schemas_GetAssetSchemasByTypes GET /schemas/asset-schemas-by-types read PaginatedModelOfSchemaModel assetTypes:string[] startIndex:int=0 pageSize:int=50
Schemas_GetSchema GET /schemas/schema read SchemaModel schemaIdOrRootName:string!
Schemas_GetAssetSchema GET /schemas/asset-schema read SchemaModel schemaIdOrRootName:string!
Schemas_GetPageOrAssetSchema GET /schemas/page-or-asset-schema read SchemaModel schemaIdOrRootName:string! includePageSchemas:bool! includeAssetSchemas:bool!
Schemas_Search GET /schemas/search read PaginatedModelOfSchemaModel SearchText:string AllowFullListing:bool PageSize:int StartIndex:int
Schemas_SearchAssetSchemas GET /schemas/search-asset-schemas read PaginatedModelOfSchemaModel SearchText:string AllowFullListing:bool PageSize:int StartIndex:int
Schemas_GetSchemaUsage GET /schemas/schema-usage read PaginatedModelOfSchemaUsageResult SchemaId:string Type:SchemaUsageType Outdated:bool SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Schemas_GetSchemaUsageForSyncLogPaginated GET /schemas/schema-sync-log read PaginatedModelOfSchemaUsageResult SyncLogId:string SchemaId:string Type:SchemaUsageType Outdated:bool SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Assets_AdvanceWorkflow POST /assets/asset/workflow/advance write bool @request:AdvanceWorkflowRequest!
Assets_AssignToGroup POST /assets/assign-to-group write bool @assignAssetUserGroupRequest:AssignAssetUserGroupRequest!
Assets_AssignToUser POST /assets/assign-to-user write bool @assignAssetUserRequest:AssignAssetUserRequest!
Assets_CheckIn POST /assets/checkin write AssetItemModel @request:ContentItemCheckInRequest!
Assets_CheckOut POST /assets/checkout write AssetItemModel @request:ContentItemCheckOutRequest!
Assets_Copy POST /assets/copy write AssetItemModel[] @srcIds:string[]! tgtId:string! overwriteSameName:bool=false tgtLocale:string=
Assets_CreateAssetFolder POST /assets/asset-folder write AssetFolderModel @request:CreateAssetFolderRequest!
Assets_CheckAssetAliases GET /assets/asset-aliases read int ids:string[]
Assets_DeleteAssetItems DELETE /assets write AssetItemDeleteResponse ids:string[] force:bool=false
Assets_GetAncestors GET /assets/asset/ancestors read AssetFolderModel[] id:string!
Assets_GetAsset GET /assets/asset read AssetItemModel id:string!
Assets_GetAssetByPath GET /assets/asset-by-path read AssetItemModel path:string!
Assets_GetAssetContext POST /assets/asset/context read AssetContextModel[] @ids:string[]!
Assets_GetAssetDetails GET /assets/details read AssetDetailsModel id:string! version:int=0
Assets_GetAssetHistory GET /assets/history read PaginatedModelOfContentItemVersionInfo Id:string PageSize:int StartIndex:int
Assets_GetChildren GET /assets/asset/children read PaginatedModelOfAssetItemModel id:string! startIndex:int=0 pageSize:int=50
Assets_GetFileBinary GET /assets/file read file assetId:string! download:bool=false
Assets_GetFolderDescendantMarkings GET /assets/asset/descendant-targets read string[] id:string!
Assets_GetRecycleFolder GET /assets/recycle-folder read AssetFolderModel
Assets_GetRoot GET /assets/root read AssetFolderModel
Assets_GetRootFolders GET /assets/root-folders read PaginatedModelOfAssetFolderModel startIndex:int=0 pageSize:int=50
Assets_GetUnmanagedAsset GET /assets/unmanaged read AssetItemModel id:string!
Assets_GetUnmanagedChildren GET /assets/unmanaged/children read PaginatedModelOfAssetItemModel id:string! startIndex:int=0 pageSize:int=50
Assets_GetUnmanagedRootFolders GET /assets/unmanaged/root-folders read PaginatedModelOfAssetFolderModel startIndex:int=0 pageSize:int=50
Assets_CheckDitaContentMovingOutOfDitaRoot GET /assets/dita-move-validation read bool srcIds:string! tgtId:string!
Assets_Move PATCH /assets/move write AssetItemModel[] @srcIds:string[]! tgtId:string! overwriteSameName:bool=false
Assets_Rename POST /assets/rename write AssetItemModel @request:ContentItemRenameRequest!
Assets_SearchAssetItems GET /assets/search read PaginatedModelOfAssetItemModel AssetSchemas:string[] EndDate:date IncludeAssets:bool IncludeDescendants:bool IncludeFolders:bool RootId:string SearchString:string StartDate:date TargetId:string SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Assets_SearchUnmanagedAssetItems GET /assets/search-unmanaged read PaginatedModelOfAssetItemModel AssetSchemas:string[] EndDate:date IncludeAssets:bool IncludeDescendants:bool IncludeFolders:bool RootId:string SearchString:string StartDate:date TargetId:string SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Assets_SetCategoryAssociations POST /assets/asset/associations write AssetItemModel contentId:string! @categoryIds:string[]!
Assets_TotalSize GET /assets/total-size read long
Assets_UndoCheckOut POST /assets/undo-checkout write AssetItemModel @request:ContentItemUndoCheckOutRequest!
Assets_Unzip POST /assets/unzip write StringResultModel assetId:string! cleanFolder:bool!
Assets_Upload POST /assets/upload write AssetUploadResult #file:file! #assetname:string #contentid:string #parentfolder:string! #existingassetupdateid:string #overrideschemaid:string #schemaId:string #followupupload:bool=false #updateonconflicts:bool=false #schemadefault:bool=true #unpackzip:bool=false #deleteexistingfolder:bool=false #zipunpackhandleconflicts:int=false #skipexistingassets:bool=false
Assets_GetAssetDitaProperties GET /assets/asset-dependency read AssetDependencyInfo assetId:string!
Assets_GetAllAssetOwners GET /assets/asset-owners-deep read AssetDependent[] assetId:string!
Assets_GetAvailableKeyDefinitions GET /assets/dita-key-defs read KeyDefinition[] assetId:string! topMapId:string includeUnconfirmed:bool=false
Assets_DownloadAssetOwnersCsv GET /assets/asset-owners-csv read file assetId:string! all:bool! pubTargetId:string showAllPubTargets:bool=false
Assets_DownloadAssetDependentsCsv GET /assets/asset-dependents-csv read file assetId:string! all:bool! pubTargetId:string showAllPubTargets:bool=false
Assets_GetAssetDITAScopes GET /assets/ditamap-scopes read AssetDITAPreviewContextCollection assetId:string! pubTargetId:string!
Assets_GetAllAssetDependents GET /assets/asset-dependents-deep read AssetDependent[] assetId:string!
Assets_SetAssetOutputFormats PUT /assets/asset-dita-output-formats write bool assetId:string! @formats:string[]!
Assets_SetAssetDitavals PUT /assets/asset-ditavals write bool assetId:string! @ditavalIds:string[]!
Assets_DeleteDitaPreviewCache DELETE /assets/dita-preview-cache write bool assetId:string! pubTargetId:string
Assets_GetOxygenAccessCredentials PUT /assets/dita-oxygen-oauth-creds admin NameIdPair
Site_SearchContentItems GET /site/content-item-search read PaginatedModelOfContentItemMetadataModel SearchText:string IncludeComponents:bool IncludePages:bool OrderByScore:bool Types:ContentItemTypes[] SubTypes:string[] IncludeContentPath:bool IncludeRecycled:bool IncludeAssetRoot:bool PageSize:int StartIndex:int
Site_GetTabModel GET /site/tab-model read TabDataModel contentItemId:string!
Site_GenerateAssetRefernceReport POST /site/generate-asset-reference-report read SearchReportModel @request:GenerateAssetReferenceReportRequest!
Site_GenerateBrokenLinkReport POST /site/generate-broken-link-report read SearchReportModel @request:GenerateBrokenLinkReportRequest!
Site_GenerateTextSearchReport POST /site/generate-search-text-report read SearchReportModel @request:GenerateSearchReportRequest!
Site_GenerateAssetTextSearchReport POST /site/generate-search-asset-text-report read SearchReportModel @request:GenerateSearchReportRequest!
Site_GenerateUnusedAssetsReport POST /site/generate-unused-assets-report read SearchReportModel @request:GenerateUnusedAssetsReportRequest!
Site_GeneratePageReferenceReport POST /site/generate-page-reference-report read SearchReportModel @request:GeneratePageReferenceReportRequest!
Site_GetReportStatus GET /site/report/{sessionId}/status read ReportStatusResponse %sessionId:string!
Site_GetReport GET /site/report/{sessionId} read ReportEntry[] %sessionId:string!
Site_CancelReport POST /site/report/cancel write bool sessionId:string!
Site_ReplaceReportEntry POST /site/report/replace-entry write guid[] @request:ReplaceReportEntryRequest!
Site_DownloadReport GET /site/report/{sessionId}/file read file %sessionId:string!
Site_RankedSearch GET /site/ranked-search read RankedSearchResultModel Keywords:string FieldName:string SchemaName:string Locale:string FieldIsAttribute:bool FieldIsDate:bool UseCheckedOutContent:bool IncludeRecycled:bool IncludePages:bool IncludeAssets:bool SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Site_GetContentItemUsageSummary GET /site/usage-summary read ContentItemUsageSummary id:string!
Site_GetContentItemUsageReport GET /site/usage-report read PaginatedModelOfContentItemUsageInfo Id:string SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Pages_GetPages GET /pages read PaginatedModelOfPageModel startIndex:int=0 pageSize:int=50
Pages_GetRoot GET /pages/root read PageModel
Pages_GetRecycleFolder GET /pages/recycle-folder read PageModel
Pages_GetChildren GET /pages/page/children read PaginatedModelOfPageModel id:string! startIndex:int=0 pageSize:int=50
Pages_GetDescendants GET /pages/page/descendants read PaginatedModelOfPageModel id:string! startIndex:int=0 pageSize:int=50
Pages_GetDescendantAliasCount GET /pages/page/descendant-alias-count read int id:string! startIndex:int=0 pageSize:int=50
Pages_GetParent GET /pages/page/parent read PageModel id:string!
Pages_GetAncestors GET /pages/page/ancestors read PageModel[] id:string!
Pages_GetPage GET /pages/page read PageModel id:string!
Pages_DeletePage DELETE /pages/page write bool id:string!
Pages_GetPageDetails GET /pages/page/details read PageDetailsModel id:string! version:int=0
Pages_GetPageContext POST /pages/page/context read PageContextModel[] @ids:string[]!
Pages_SetCategoryAssociations POST /pages/page/associations write PageModel contentId:string! @categoryIds:string[]!
Pages_GetByCategory GET /pages/by-category read PaginatedModelOfPageModel categoryId:int! startIndex:int=0 pageSize:int=50
Pages_Move PATCH /pages/move write PageModel[] @srcIds:string[]! tgtId:string! position:EnumCopyActions!
Pages_Copy POST /pages/copy write PageModel[] isSmartCopy:bool! singlePageCopy:bool! @srcIds:string[]! tgtId:string! position:EnumCopyActions! targetLocale:string!
Pages_Rename POST /pages/rename write PageModel @request:ContentItemRenameRequest!
Pages_CheckIn POST /pages/checkin write PageModel @request:ContentItemCheckInRequest!
Pages_CheckOut POST /pages/checkout write PageModel @request:ContentItemCheckOutRequest!
Pages_CreatePCRPage POST /pages/page/pcr write PageModel @request:CreatePCRPageRequest!
Pages_GetPageHistory GET /pages/history read PaginatedModelOfContentItemVersionInfo Id:string PageSize:int StartIndex:int
Pages_GetWorkflowStates GET /pages/page/workflow/workstates read ContentWorkflowState[] pageId:string!
Pages_GetContentUnits GET /pages/page/design/content-units read PresentationGlobalContentUnits pageId:string! pubTgtId:string!
Pages_AdvanceWorkflow POST /pages/page/workflow/advance write bool @request:AdvanceWorkflowRequest!
Pages_CreateDITAAlias PUT /pages/dita-alias write PageModel assetId:string! parentPageId:string! accuracyMode:bool=true ditaContentOnly:bool=true
Pages_UpdateDITAAlias PATCH /pages/dita-alias write PageModel[] aliasId:string! updateChildren:bool=false
Settings_GetSetting GET /settings/setting read SettingModel @data:SettingModel!
Settings_PutSetting PUT /settings/setting admin SettingModel @data:SettingModel!
Settings_GetSection GET /settings/section read SettingModel[] sectionName:string!
Settings_PutSection PUT /settings/section admin SettingModel[] sectionName:string! @data:SettingModel[]!
Settings_GetData POST /settings/data read SystemOptionsGetOutputInfo @data:SystemOptionsGetParam!
Settings_SetData PUT /settings/data admin SystemOptionsSetOutputInfo @data:SystemOptionsSetInputInfo!
Settings_GetCustomTabs GET /settings/custom-tabs read CustomTabInformation[]
Settings_SetCustomTabs PUT /settings/custom-tabs admin CustomTabInformation[] @input:CustomTabInformation[]!
Settings_GetTaskUsers GET /settings/task-users read UserModel[] q:string!
Settings_ResetClientSecret POST /settings/reset-client-secret admin OAuthIdentitySaveInfo clientId:string!
Settings_GetOAuthIdentities GET /settings/access-tokens admin-read OAuthIdentityInfo[]
Settings_SetOAuthIdentities PUT /settings/access-tokens admin OAuthIdentitySaveInfo[] @input:OAuthIdentityInfo[]!
Settings_GetGlobalVariables GET /settings/global-variables admin-read GlobalVariableItem[]
Settings_SetGlobalVariables PUT /settings/global-variables admin GlobalVariableItem[] @input:GlobalVariableItem[]!
Settings_DeployDitaOT PATCH /settings/deploy-dita-ot admin string version:string! downloadUrl:string!
Settings_RemoveDitaOTDeployment DELETE /settings/remove-dita-ot admin string
Settings_RemoveDitaOTPlugin DELETE /settings/remove-dita-ot-plugin admin string pluginFolder:string!
Settings_RestoreDitaOTPlugin DELETE /settings/restore-dita-ot-plugin admin string pluginFolder:string!
Settings_UploadDitaOTPlugin POST /settings/add-dita-ot-plugin admin bool
Settings_DeployCustomOT POST /settings/deploy-custom-ot admin bool
Settings_ManipulateDitavals POST /settings/ditaval-manipulation admin bool @operation:DitavalOperation!
Settings_GetArchiveTypes GET /settings/archive-types read NameIdPair[]
Settings_GetGroupsForTreeMenu GET /settings/page-tree-menu-groups read UserGroupChoiceForSetting[]
Settings_GetGroupsForAssetTreeMenu GET /settings/asset-tree-menu-groups read UserGroupChoiceForSetting[]
Settings_GetPossiblePageTreeMenuItems GET /settings/page-tree-menu-items read NameIdPair[]
Settings_GetPossibleAssetTreeMenuItems GET /settings/asset-tree-menu-items read NameIdPair[]
Settings_GetPossibleTinyMceItems GET /settings/tinymce-items read TinyMceButton[] propertyName:string!
Settings_GetTimeZones GET /settings/timezones read NameIdPair[]
Settings_GetTinyMceGroups GET /settings/tinymce-groups read UserGroupChoiceForSetting[] settingName:string!
Settings_GetPresentationsFormatters GET /settings/presentation-formatters read PresentationFormatter[]
Settings_GetServerVariables GET /settings/server-variables admin-read NameIdPair[]
Settings_ForceArchive POST /settings/force-archive admin bool type:string!
Settings_RemoveGroupProfileForPageTreeMenu DELETE /settings/page-tree-group admin GroupProfileRemovalResult groupId:string!
Settings_RemoveGroupProfileForAssetTreeMenu DELETE /settings/asset-tree-group admin GroupProfileRemovalResult groupId:string!
Settings_RemoveTinyMceGroup DELETE /settings/tinymce-group admin GroupProfileRemovalResult groupId:string! settingName:string!
Settings_RemoveDictionary DELETE /settings/dictionary admin bool locale:string!
Settings_CreateCustomLocale PUT /settings/custom-locale admin IgxLocale locale:string! baseLocale:string! englishName:string!
Settings_RemoveCustomLocale DELETE /settings/custom-locale admin bool locale:string!
Taxonomy_GetStats GET /taxonomy/statistics read TaxonomyStatisticsModel
Taxonomy_GetCategories GET /taxonomy/categories read PaginatedModelOfCategoryModel regionCode:string= initialLetters:string= searchSynonyms:bool=false startIndex:int=0 pageSize:int=50
Taxonomy_GetRootCategories GET /taxonomy/root-categories read PaginatedModelOfCategoryModel schemaId:string= startIndex:int=0 pageSize:int=50
Taxonomy_GetChildren GET /taxonomy/category/children read PaginatedModelOfCategoryModel id:string! startIndex:int=0 pageSize:int=50
Taxonomy_GetParent GET /taxonomy/category/parent read CategoryModel id:string!
Taxonomy_GetAncestors GET /taxonomy/category/ancestors read CategoryModel[] id:string!
Taxonomy_GetCategory GET /taxonomy/category read CategoryModel id:string!
Taxonomy_DeleteCategory DELETE /taxonomy/category write bool id:string!
Taxonomy_SaveCategory PUT /taxonomy/category write CategoryModel @input:CategoryModel!
Taxonomy_CreateCategory POST /taxonomy/category write CategoryModel name:string! parentId:string= locale:string=en-us
Taxonomy_GetCategorySecurity GET /taxonomy/category/security read CategorySecurityModel id:string!
Taxonomy_SetCategorySecurity PUT /taxonomy/category/security admin CategorySecurityModel @security:CategorySecurityModel!
Taxonomy_SetCategorySynonyms PUT /taxonomy/category/synonyms write CategoryModel id:string! regionCode:string! @synonyms:CategorySynonymModel[]!
Taxonomy_Rename PATCH /taxonomy/category/rename write CategoryModel id:string! newName:string!
Taxonomy_Move PATCH /taxonomy/category/move write CategoryModel srcId:string! tgtId:string! asSibling:bool=false
Taxonomy_Copy PATCH /taxonomy/category/copy write CategoryModel srcId:string! tgtId:string! singleCategoryCopy:bool=false asSibling:bool=false copyAssociations:bool=false
Taxonomy_CopyAssociations PATCH /taxonomy/category/copy-associations write string[] srcId:string! tgtId:string!
Taxonomy_GetAssociations GET /taxonomy/category/associations read PaginatedModelOfContentItemBaseModel CategoryId:string SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Taxonomy_DeleteAssociations DELETE /taxonomy/category/associations write CategoryModel categoryId:string! @contentIds:string[]!
Taxonomy_AddAssociations PATCH /taxonomy/category/associations write CategoryModel categoryId:string! @contentIds:string[]!
Taxonomy_DeleteAssociation DELETE /taxonomy/category/association write CategoryModel categoryId:string! contentId:string!
Taxonomy_AddAssociation PATCH /taxonomy/category/association write CategoryModel categoryId:string! contentId:string!
Taxonomy_SetCategoryAssociations POST /taxonomy/category/content-associations write ContentItemBaseModel contentId:string! @categoryIds:string[]!
Taxonomy_GetCategoriesWithPath POST /taxonomy/categories-with-path read CategoryModelWithPath[] @ids:string[]!
Taxonomy_CategoryHasAssociations GET /taxonomy/category/has-association read bool categoryId:string! recursive:bool=true
Taxonomy_CategoriesWithAssociations GET /taxonomy/category/associated-descendants read CategoryModelWithPath[] categoryId:string! recursive:bool=true
Taxonomy_QuickSearch GET /taxonomy/quick-search read CategoryModelWithPath[] search:string!
Test_Get GET /test/error read file statusCode:int! message:string=
Test_GetCurrentLocale GET /test/locale read file
Test_GetProgress POST /test/progress read bool timeout:int!
Test_GetClaims GET /test/claims read file
Test_GetPermissionTest GET /test/admin-perm-test read file
Accounts_Login POST /accounts/login write AuthenticateResponse @request:AuthenticateRequest!
Accounts_GetMembershipProviders GET /accounts/membership-providers read MembershipProvidersList
Accounts_GetUserGroupSecurities GET /accounts/security-groups read PaginatedModelOfBaseModel startIndex:int=0 pageSize:int=50
Accounts_ResetPassword POST /accounts/users/reset-passwords admin ResetPasswordResult[] @users:string[]!
UserGroups_GetUserGroups GET /groups read PaginatedModelOfUserGroupModel startIndex:int=0 pageSize:int=50
UserGroups_GetGroup GET /groups/group read UserGroupModel name:string!
UserGroups_CreateGroup PUT /groups/new-group admin UserGroupModel name:string!
UserGroups_Search GET /groups/search read PaginatedModelOfUserGroupModel SearchText:string AllowFullListing:bool PageSize:int StartIndex:int
User_GetUsers GET /users read PaginatedModelOfUserModel groupId:string= startIndex:int=0 pageSize:int=50
User_GetUser GET /users/user read UserModel id:string!
User_GetAssignments GET /users/assignments read PaginatedModelOfAssignmentListInfo IncludeGroups:bool IncludeUser:bool IncludeCheckedOut:bool IncludeCheckedIn:bool FilterDisabledWorkstate:bool TypeFilter:string SearchString:string Sort:string SortDirection:string UserId:string GroupId:string PageSize:int StartIndex:int
Workflow_GetWorkflow GET /workflows/workflow read WorkflowModel workflowId:string!
Workflow_GetWorkflowByContentItem GET /workflows/by-content read WorkflowModel contentId:string!
Workflow_GetWorkflowStates GET /workflows/content-work-state read ContentWorkflowState[] contentId:string!
Workflow_GetWorkstates GET /workflows/workstates read PaginatedModelOfWorkstateModel PageSize:int StartIndex:int
Workflow_ListWorkflowDefinitions GET /workflows/definitions read PaginatedModelOfWorkflowDefinitionModel ExcludePageCount:bool PageSize:int StartIndex:int
Workflow_GetWorkflowDefinitionDetail GET /workflows/definition-detail read WorkflowDefinitionDetailModel definitionId:string!
Workflow_GetWorkflowReport GET /workflows/report read PaginatedModelOfWorkflowReportRowData wfDefId:string SortField:string SortOrder:PaginatedSortOrder PageSize:int StartIndex:int
Workflow_GetDefaultTransition GET /workflows/default-transition read WorkflowTransitionModel
Workflow_SetWorkflowDefinitionDetails PUT /workflows/definition admin WorkflowDefinitionDetailModel @definition:WorkflowDefinitionDetailModel!
Workflow_DeleteWorkflowDefinition DELETE /workflows/definition admin IdWithError definitionId:string!
Workflow_CreateWorkstate PUT /workflows/workstate admin WorkstateModel @newState:WorkstateModel!
Workflow_SaveWorkstate POST /workflows/workstate admin WorkstateModel @state:WorkstateModel!
Workflow_DeleteWorkstate DELETE /workflows/workstate admin IdWithError[] @workstateIds:string[]!
Workflow_PrepareTemplate POST /workflows/prepare-template admin WorkflowTemplatePreparationOutput @data:WorkflowTemplatePreprationInput!
Replication_CreateReplicationTarget POST /publishing/replication/target admin ReplicationTargetModel @replicationTarget:ReplicationTargetModel!
Replication_DeleteReplicationTarget DELETE /publishing/replication/target admin - replicationTargetId:string! publishingTargetId:string!
Replication_ReplicationTarget GET /publishing/replication/target admin-read ReplicationTargetModel replicationTargetId:string! publishingTargetId:string!
Replication_UpdateReplicationTarget PUT /publishing/replication/target admin ReplicationTargetModel @replicationTarget:ReplicationTargetModel!
Replication_GetAwsRegionEndpoints GET /publishing/replication/aws-region-endpoints read AWSRegionEndpoint[]
Replication_GetReplicationLogDetails GET /publishing/replication/target/log-detail read ReplicationCompleteLogModel replicationTargetId:string!
Replication_GetReplicationTargetTypes GET /publishing/replication/target-types read ReplicationTargetTypeInfo[]
Replication_ReplicationTargets GET /publishing/replication/targets admin-read ReplicationTargetModel[] publishingTargetId:string!
Replication_SetReplicationTargets POST /publishing/replication/targets admin ReplicationTargetModel[] publishingTargetId:string! @replicationTargets:ReplicationTargetModel[]!
Replication_UploadCertificate POST /publishing/replication/upload-cert admin string
Replication_UploadPrivateKey POST /publishing/replication/upload-private-key admin string
`;
