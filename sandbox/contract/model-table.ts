/**
 * The models of the contract, one a line: `Name<Base property:type …`, or `Name=A|B` for an enumeration.
 *
 * `!` marks what cannot be null: a value type, or a text that a request has to carry.
 */
export const modelTable = `
AWSRegionEndpoint DisplayName:string SystemName:string
AdvanceWorkflowRequest ContentId:string! TransitionId:string Comments:string AssignToUserId:string
AdvancedReportInformation reportId:string name:string providerUrl:string
AdvancedSearchParams name:string id:string path:string workstate:string start:string end:string logic:string dateType:string
AlertCollectionModel systemAlerts:AlertModel[] dbAlerts:AlertModel[]
AlertModel Id:string Title:string CreatedAt:date! Observed:bool! Message:string Severity:string
AliasInfo ContentId:string UpdateDue:bool! DependentsUpdateDue:bool! AssetName:string VisibilityByTarget:map<bool>
AnalyticsInitialData Traffic:PubTargetAnalyticsData Sources:PubTargetAnalyticsPieChart
AnalyticsModel Targets:NameIdPair[]
ArgumentException<SystemException Message:string ParamName:string
ArgumentNullException<ArgumentException
AssetCacheItemModel<SimpleCacheItemModel Extension:string
AssetContextModel<ContentItemContextModel AllowedExtensions:string[] AliasIds:string[] HasReferences:bool! IsUnmanaged:bool!
AssetCreationSchemaConflict SchemaChoices:SchemaChoiceInfo[]
AssetDITAMapScope<NameIdPair DepsCount:int! Caches:AssetPreviewTempByDitaval[] IsCurrent:bool! Distance:int!
AssetDITAPreviewContext PublishingTargetId:string PublishingTargetName:string Ditavals:NameIdPair[] Scopes:AssetDITAMapScope[]
AssetDITAPreviewContextCollection contexts:AssetDITAPreviewContext[]
AssetDependencyInfo Owners:AssetDependent[] Dependents:AssetDependent[] DitaInfo:AssetDitaInfo
AssetDependent<NameIdPair DependencyType:string RefType:string Broken:bool! Distance:int! PublishingTargetId:string Path:NameIdPair[]
AssetDetailsModel<ContentItemDetailsBaseModel Extension:string ExternalUrl:string IsExternal:bool!
AssetDitaInfo OutputFormats:DitaPublishingOutputFormatInfo[] Ditavals:NameIdPair[] AllOutputFormats:DitaPublishingOutputFormatInfo[] AllDitavals:NameWithPath[]
AssetErrorModel errorMsg:string stacktrace:string fileName:string
AssetFolderIndexingData<AssetFolderInfo Path:string DescedantFolders:int!
AssetFolderInfo Id:string Name:string IsFolder:bool!
AssetFolderModel<AssetItemModel
AssetItemDeleteResponse AssetItemsWithReferences:string[] SuccessfulIds:string[] InvolvedAliasParentIds:string[]
AssetItemModel<ContentItemBaseModel AllowedExtensions:string[] AssetType:AssetType! ByteSize:long! Extension:string FolderCount:int! HasImagePreview:bool! Height:int! IsUnmanaged:bool! MimeType:string Width:int! Aliases:string[]
AssetMapModel<PathMapModel HistoricalPaths:PathHistoryModel[]
AssetPreviewTempByDitaval DitavalId:string PreviewTempPath:string
AssetType=Binary|Code|Css|Json|Text|Xml|XsltStylesheet|Document|Image|Audio|Video|View|Html|Js|Dita
AssetUploadResult AssetFolders:string[] Assets:string[] Errors:AssetErrorModel[] FileSize:long! IsZipUnpack:bool! RootFolderId:string NamingConflictAssetId:string SchemasToChoose:AssetCreationSchemaConflict
AssignAssetUserGroupRequest AssetId:string! UserGroupId:string! Comment:string
AssignAssetUserRequest AssetId:string! UserId:string! Comment:string
AssignmentListInfo Id:string Name:string CheckedOut:bool! Changed:string LastComment:string Icon:int! Type:string ContentType:ContentItemTypes! AssignedGroupName:string Locale:string NodePermission:EnumNodeLevelPermission! Recycled:bool! Workstate:string MarkedPublishingTargetIds:string[]
AttributeModel<ObjectWithName Value:string
AuthenticateRequest Username:string Password:string Provider:string Persist:bool!
AuthenticateResponse Username:string Token:IgxToken
BaseModel<NameIdPair
BatchSizeSetting PubTargetId:string PubTargetName:string BatchSize:int!
BatchSizeSettings TargetSettings:BatchSizeSetting[] DefaultBatchSize:int!
CategoryModel<StructuredEntityModel Description:string TypeName:string ExternalId:string PageIds:string[] AssetIds:string[] Locale:string Synonyms:CategorySynonymModel[] SecurityLevel:int! GroupPermissions:CategoryPermissionModel[] Translations:CategoryTranslationModel[]
CategoryModelWithPath<CategoryModel Path:string
CategoryPermissionModel GroupId:string GroupName:string PermissionLevel:EnumNodeLevelPermission!
CategorySecurityModel<BaseModel SecurityInherited:bool! SecurityPermissions:CategoryPermissionModel[] SecurityLevel:int!
CategorySynonymModel Locale:string Value:string
CategoryTranslationModel Locale:string Name:string Description:string TypeName:string RequiresUpdate:bool!
ChartData datasets:ChartSerie[] labels:string[]
ChartSerie data:int[] label:string
ColumnSelection attributeName:string label:string dataType:string width:int!
CompSchemaPage Id:string Name:string
ComponentFragmentInstance<PagePresentation_GlobalContentUnit ComponentId:string ChildLayoutContainerId:string VersionId:string
ComponentItemInfo<UniqueObject type:string locale:string isCu:bool!
ConfigurationErrorsException<ConfigurationException Message:string BareMessage:string Filename:string Line:int! Errors:any[] ErrorsGeneric:ConfigurationException[]
ConfigurationException<SystemException Message:string BareMessage:string Filename:string Line:int!
ContentFieldFieldValidationException<Exception ContentItem:IContentItem PageID:string FieldIsAttribute:bool! FieldName:string FieldLabel:string
ContentFreezeNotifcation StartTime:string EndTime:string AllowMe:bool! Message:string
ContentItemBaseModel<StructuredEntityModel LingualMaps:ContentItemLingualMaps AssignedUserId:string AssignedGroupId:string AssignedUserName:string AssignedGroupName:string Type:ContentItemTypes! SecurityLevel:EnumNodeLevelPermission! SchemaId:string SchemaName:string SchemaDisplayName:string Version:int! CheckedOut:bool! Icon:int! SubType:string SubTypeLabel:string MarkedTargetIds:string[] IsRegionRoot:bool! Locale:string CanParentRegionRoots:bool! Favorite:bool! Categorization:string[]
ContentItemCheckInRequest<ContentItemCheckoutStateChageRequest PublishingTargetIds:string[] Comment:string
ContentItemCheckOutRequest<ContentItemCheckoutStateChageRequest
ContentItemCheckoutStateChageRequest<ObjectWithId Recursive:bool! Id:string!
ContentItemContextModel<BaseModel Recycled:bool! IsFullAccess:bool! IsReadAccess:bool! IsEditable:bool! WorkflowId:string CanCopy:bool! CanParentRegionRoots:bool! CanMarkForPublish:bool! LanguageRootId:string MarkedForPublishPropagated:bool! CheckedOut:bool! AllowedTransitions:ContentItemTransitionModel[]
ContentItemDetailsBaseModel<ContentItemBaseModel Elements:ElementModel[] Attributes:AttributeModel[] SystemAttributes:AttributeModel[] CanUpdateSchema:bool! Presentations:PresentationModel[] WorkflowId:string IsCheckedOut:bool! LastModifiedUserName:string
ContentItemLingualMapInformation<ObjectWithId Locale:string
ContentItemLingualMaps Master:ContentItemLingualMapInformation Clones:ContentItemLingualMapInformation[]
ContentItemMetadataModel<BaseModel Path:NameIdPairWithIcon[] ContentId:string ParentId:string Locale:string RegionCode:string AssignedUser:string AssignedGroup:string CheckedOut:bool! Icon:int! IsComponent:bool! Type:ContentItemTypes! LastModified:date! Created:date!
ContentItemPublishStatusModel<ObjectWithId Published:bool! Marked:bool!
ContentItemRenameRequest<NameIdPair Id:string! Name:string!
ContentItemTransitionModel<NameIdPair IsDefault:bool!
ContentItemTypes=Page|Asset|AssetFolder|ContentAlias|Other
ContentItemUndoCheckOutRequest<ContentItemCheckoutStateChageRequest
ContentItemUsageInfo<NameIdPair elementName:string elementType:string checkedIn:bool!
ContentItemUsageSummary totalResults:int!
ContentItemVersionInfo<NameIdPair Version:int! Date:string User:string CurrentVersion:bool! CheckoutVersion:bool! PubTargets:ContentItemVersionTargetInfo MasterVersion:int! Comments:string
ContentItemVersionTargetInfo Version:int! Targets:NameIdPair[]
ContentProcessorLogItemModel Path:string PubTarget:string Type:string ContentId:string ContentName:string Format:string Variables:string Created:string TempPath:string IsError:bool! IsPreview:bool!
ContentProcessorLogs Logs:PaginatedModelOfContentProcessorLogItemModel DebugMode:bool!
ContentProcessorModel<NameIdPair ContentProcessorType:ContentProcessorType! ProcessTopMapsOnly:bool! DraftOutput:bool! TypeFullName:string Fields:PostProcessPluginField[] RequiredPreviousProcessTypes:string[] OutOfOrder:bool! DitaUrlMatchPartialString:string DitaOutputFormats:DitaPublishingOutputFormatInfo[] DitaRenderingSchema:NameIdPair Disabled:bool! SkipDTDDenormalization:bool!
ContentProcessorPluginType<NameIdPair Fields:PostProcessPluginField[] RequiredPrevProcTypes:string[]
ContentProcessorType=Dita|Plugin
ContentProcessorsInfo Processors:ContentProcessorModel[] PluginProcessorTypes:ContentProcessorPluginType[]
ContentUnitIceUpdateModel model:PageElementData markup:string
ContentUnitPreviewData<UniqueObjectC DssViewPath:string AssetViewId:string AssetViewCode:string AssetViewCodeEsc:string Finalized:bool! CanEditView:bool! UseExistingView:bool! Thumbnail:string
ContentWorkflowState WorkflowState:WorkstateModel WorkflowTransitions:WorkflowTransition[] IsCurrent:bool!
ContextMenuItemModel Name:string Caption:string Icon:string IsDisplayed:bool! IsSeparator:bool! Children:ContextMenuItemModel[]
CreateAssetFolderRequest AllowedExtensions:string[] Name:string Overwrite:bool! ParentId:string
CreatePCRPageRequest PCRId:string! Name:string! ParentPageId:string SkipWorkflow:bool! AssignToUserId:string
CreatePCRRequest SchemaId:string! Name:string! Description:string IsDefault:bool! WorkflowId:string AutoSelectParent:bool! OverrideStylesheet:string UserIds:string[] GroupIds:string[] ParentInfo:PCRParentInfo[]
CustomMacroModel<NameIdPair Description:string
CustomSettingEntry Name:string Value:string PublishingTargetIds:string[]
CustomTabInformation<CustomTabInputInfo id:string autoSelect:bool! allowPinning:bool! show:bool! localeName:string schemaIds:string[] assetSchemaIds:string[] pageIds:string[] assetIds:string[] assetFolderIds:string[]
CustomTabInputInfo url:string isGlobal:bool! appendPageId:bool! appendAssetId:bool! appendAssetFolderId:bool! resourceId:string icon:string iconClass:string name:string displayName:string
DITALocalizedSchema Locale:LocaleInfo Schema:NameIdPair
DITALocalizedSchema2 Locale:LocaleInfo2 Schema:SchemaNameIdPair
DITAMapDetailInformationSource=Content|Categorization|Custom
DITAModelBase JavaNotFound:bool!
DITAOTPlugin formatString:string id:string location:string isSystemPlugin:bool! suggestedName:string
DITAOTRelease version:string title:string downloadUrl:string releaseNotesUrl:string
DITAOTReleases earliestPreReleaseVersion:string releases:DITAOTRelease[]
DITAOutputFormat<NameIdPair Selected:bool! IsNorm:bool! Label:string
DITAOutputFormats NormFormat:NameIdPair OutputFormats:DITAOutputFormat[] HasOT:bool! RenderSchema:NameIdPair LocalizedRenderSchemas:DITALocalizedSchema[]
DITASetupModel ditaRoot:NameIdPair ditaDtdRoot:NameIdPair skipPeerScopeRefsConversion:bool! otTimeout:int! otTempFoldersToKeep:int! otPreviewTempFoldersToKeep:int! plugins:DITAOTPlugin[] ot:DitaOTSettingModel allowOxygenInvoke:bool!
DITAValManipulationAction=Remove|Restore|SetPubMarking
DashboardOption Id:string Value:bool! Order:int! Orderable:bool!
DashboardPreferences<EntityOfIUserManager Options:DashboardOption[]
DatasetModel data:int[] label:string
DeviceVerificationResponse device_code:string expires_in:int! interval:int! user_code:string verification_url:string
DitaAliasEntry Id:int! Name:string Path:NameIdPair[] UpdateDue:bool! DependentsUpdateDue:bool! CanDelete:bool!
DitaAliasesModel AutoUpdateEnabled:bool! entries:DitaAliasEntry[]
DitaAssetPreviewModel Running:bool! NormalizedTempFilePath:string DitaRenderingXsltId:string LogPath:string TaskId:string
DitaMapDetails<DitaMapEntry fields:DitaMapField[] checkedOutToOthers:int! assignedUser:string
DitaMapEntry id:int! name:string checkedOut:bool! currentVersionCoverage:int! markedTargets:NameNumberCoverageSet[] lastPubTime:string path:NameIdPair[] notReadyToMark:bool! workstate:WorkStateInfo removed:bool! created:string updated:string
DitaMapField label:string value:string
DitaMapFieldChoice nameOrId:string source:int!
DitaMapFieldConfig<DitaMapFieldChoice label:string baseLabel:string globalLabelOverride:string userLabelOverride:string selected:bool!
DitaOTAdvancedParamWithValue<OTParameter Value:string
DitaOTParamWithInstruction<OTParameter Value:string Instruction:string
DitaOTParamWithInstructionGroup Name:string Parameters:DitaOTParamWithInstruction[]
DitaOTParamsAdvanced AdvancedParams:DitaOTAdvancedParamWithValue[] AdvancedParamChoices:OTParameter[] AllParamsCount:int!
DitaOTPluginInfo formatString:string id:string location:string isSystemPlugin:bool! suggestedName:string
DitaOTSettingModel error:string version:string versionChoices:DITAOTReleases plugins:DitaOTPluginInfo[] isCustomOT:bool!
DitaPublishParams mapId:string pubTgtIds:string[] replicate:bool! formats:string[] ditavals:string[]
DitaPublishingDependencies Dependencies:DitaPublishingDependencyWithParams[] DitaValChoices:NameWithPath[] FormatChoices:DitaPublishingFormat[] AllNonDITAContent:bool!
DitaPublishingDependencyWithParams<ObjectWithName IsMap:bool! OutputFormats:DitaPublishingFormat[] Ditavals:ObjectWithName[] Ditavalrefs:ObjectWithName[] Level:int! Selected:bool! Coverage:int!
DitaPublishingFormat<ObjectWithName IsNormalization:bool!
DitaPublishingOutputFormatInfo Name:string FormatString:string IsNormalization:bool!
DitaTreeNode<DitaTreeNodeBaseOfDitaTreeNode ancestorIds:string[] checkedIn:bool! user:string markedTargets:string[] removed:bool! group:string alias:string isContainer:bool!
DitaTreeNodeBaseOfDitaTreeNode<NameIdPair icon:string subIcon:any decoratorIcon:string children:DitaTreeNode[]
DitavalEntry id:int! name:string markedTargets:NameNumberPair[] lastPubTime:string refCount:int! path:NameIdPair[] notReadyToMark:bool!
DitavalManipulationOperation DitavalAssetId:int! DitavalAssetPath:string PubMarking:PublishMarking[] Action:DITAValManipulationAction!
DitavalOperation DitavalAssetIds:int[] PubMarking:PublishMarking[] Remove:bool! Restore:bool!
ElementModel<AttributeModel Id:string SchemaFieldId:string Label:string Type:EnumElementType! Elements:ElementModel[] Attributes:AttributeModel[] Readonly:bool! Required:bool! Hidden:bool! Indexable:bool! OpenByDefault:bool! ChildElementType:EnumElementType! ChildElementLabel:string ChildElementName:string
Entity Name:string Id:string CreationUser:string Created:date! LastModifiedUser:string LastModified:date! Archived:bool!
EntityBaseModel<BaseModel CreationUser:string Created:date! LastModifiedUser:string LastModified:date! EntityType:string Archived:bool!
EntityModel<EntityBaseModel
EntityOfIUserManager<Entity
EnumActionType=IGX_ACTION_MARK_FOR_PUBLISH|IGX_ACTION_UNMARK_FOR_PUBLISH|IGX_ACTION_CHECKIN|IGX_ACTION_CHECKOUT|IGX_ACTION_REPUBLISH|IGX_ACTION_CUSTOM|IGX_ACTION_GROUP_NOTIFICATION_MAIL|IGX_ACTION_EXTERNAL_CLIENT|IGX_ACTION_SET_LIFETIME_ATTRIBUTES|IGX_ACTION_ARCHIVE_PAGE|IGX_ACTION_BRIDGE|IGX_ACTION_REVERT
EnumCopyActions=IGX_MAKE_CHILD|IGX_INSERT_BEFORE|IGX_INSERT_AFTER
EnumEditFormView=NotSet|Index|Form|Ice
EnumElementType=IGX_ATTRIBUTE|IGX_ELEMENT_TEXT|IGX_ELEMENT_CDATA|IGX_COMPONENT|IGX_LINK|IGX_INSERT|IGX_NAVIGATION|IGX_COM_EXECUTE|IGX_COBRAND|IGX_COBRAND_GROUP|IGX_JAVA_EXECUTE|IGX_SCRIPT|IGX_CONTAINER_NAVIGATION|IGX_BOOLEAN|IGX_PASSWORD|IGX_GROUP_START|IGX_GROUP_END|IGX_LIST|IGX_TAXONOMYNAVIGATION|IGX_REFERENCES|IGX_LINKSET|IGX_ENUMERATION|IGX_DATE|IGX_LOCAL_DATE|IGX_LOCAL_TIME|IGX_MULTI_SELECT|IGX_IMAGE|IGX_MEDIA|IGX_DOCUMENT|IGX_DYNAMIC_EXECUTE|IGX_ASSET|IGX_ASSETLINKSET|IGX_ASSETNAVIGATION|IGX_ASSETTAXONOMYNAVIGATION|IGX_XML|IGX_DEPENDENCYNAVIGATION
EnumNodeLevelPermission=NO_ACCESS|READ_ONLY|FULL_ACCESS
EnumTrigger=IGX_ONCREATE|IGX_ONCHANGE
EnumUrlMapPageHistoryType=NativeID|NativeStructuredUrl|Deleted|Renamed|PublishAs|Moved|Custom|Canonical|Unknown|MultiFormatPage|NoChange|Alias
EnumUserRight=IGX_USER_RIGHT_NONE|IGX_USER_RIGHT_EDIT|IGX_USER_RIGHT_CHECKIN_OTHERS|IGX_USER_RIGHT_DELETE|IGX_USER_RIGHT_MARK|IGX_USER_RIGHT_PUBLISH|IGX_USER_RIGHT_ADMIN|IGX_USER_RIGHT_ROLLBACK|IGX_USER_RIGHT_ASSIGNMENT|IGX_USER_RIGHT_WORKFLOW|IGX_USER_RIGHT_REORDER|IGX_USER_RIGHT_TRANSITION|IGX_USER_RIGHT_TREE|IGX_USER_RIGHT_MAIN|IGX_USER_RIGHT_CREATE|IGX_USER_RIGHT_PAGE_TYPES|IGX_USER_RIGHT_CHECKIN_CHECKOUT|IGX_USER_RIGHT_PUBLISH_INCREMENTAL|IGX_USER_RIGHT_EDIT_STYLESHEET|IGX_USER_RIGHT_REORDER_ASSIGNED_OTHERS|IGX_USER_RIGHT_EDIT_PASSWORDS|IGX_USER_RIGHT_CATEGORIZE|IGX_USER_RIGHT_MANAGE_TAXONOMY|IGX_USER_RIGHT_VIEW_XML_TAB|IGX_USER_RIGHT_VIEW_HIDDEN_ELEMENTS|IGX_USER_RIGHT_MANAGE_ASSET_SECURITY|IGX_USER_RIGHT_DELETE_ASSET_FILES|IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS|IGX_USER_RIGHT_LOCALIZE_SITE_DEFINITIONS|IGX_USER_RIGHT_SET_PAGE_LOCALE|IGX_USER_RIGHT_ASSET_EDIT_METADATA|IGX_USER_RIGHT_ASSET_CHECKIN_OTHERS
EnumUserRightTwo=IGX_USER_RIGHT_TWO_NONE|IGX_USER_RIGHT_CAN_VIEW_EDIT_FORM|IGX_USER_RIGHT_CAN_VIEW_HISTORY|IGX_USER_RIGHT_CAN_VIEW_SEARCH|IGX_USER_RIGHT_CAN_VIEW_APPS|IGX_USER_RIGHT_CAN_ADD_WORD_TO_DICTIONARY|IGX_USER_RIGHT_CAN_PUBLISH_DUPBLICATES|IGX_USER_RIGHT_CAN_MANAGE_SCHEMA|IGX_USER_RIGHT_CAN_EDIT_ASSETS|IGX_USER_RIGHT_CAN_EMBED_UNEMBED_COMPONENTS|IGX_USER_RIGHT_CAN_MANAGE_CONTENT_UNITS|IGX_USER_RIGHT_CAN_BUILD_PAGE_PRESENTATION|IGX_USER_RIGHT_CAN_MANAGE_PRESENTATION_LAYOUT|IGX_USER_RIGHT_CAN_ADD_REMOVE_CONTENT_UNIT_INSTANCES|IGX_USER_RIGHT_CAN_REORDER_CONTENT_UNIT_INSTANCES|IGX_USER_RIGHT_CAN_CREATE_MANAGE_PAGE_PRESENTATIONS|IGX_USER_RIGHT_CAN_MANAGE_REDIRECTS|IGX_USER_RIGHT_ASSET_CAN_VIEW_HISTORY|IGX_USER_RIGHT_ASSET_CAN_ASSET|IGX_USER_RIGHT_ASSET_MARK|IGX_USER_RIGHT_ASSET_PUBLISH|IGX_USER_RIGHT_ASSET_ROLLBACK|IGX_USER_RIGHT_ASSET_ASSIGNMENT|IGX_USER_RIGHT_ASSET_WORKFLOW|IGX_USER_RIGHT_ASSET_TRANSITION|IGX_USER_RIGHT_ASSET_TREE|IGX_USER_RIGHT_ASSET_CREATE|IGX_USER_RIGHT_ASSET_CHECKIN_CHECKOUT|IGX_USER_RIGHT_ASSET_REORDER_ASSIGNED_OTHERS|IGX_USER_RIGHT_ASSET_CATEGORIZE|IGX_USER_RIGHT_ASSET_SET_LOCALE|IGX_USER_RIGHT_DITA_CONFIG|IGX_USER_RIGHT_ALIAS_MANAGEMENT
Exception Message:string InnerException:Exception StackTrace:string Source:string
ExceptionWithLocalization<Exception FormaterParameters:any[] L10NEntryId:string
FolderInformation name:string reports:ReportRowData[]
GenerateAssetReferenceReportRequest RootPageId:string AssetPath:string IncludeChildren:bool!
GenerateBrokenLinkReportRequest RootPageId:string IncludeChildren:bool! ValidateExternalReferences:bool!
GeneratePageReferenceReportRequest PageId:string RootPageId:string IncludeChildren:bool!
GenerateSearchReportRequest RootPageId:string SearchText:string! IgnoreCase:bool! IncludeChildren:bool!
GenerateUnusedAssetsReportRequest RootAssetFolderId:string!
GetClassNamesParam filterText:string stylesheetRefs:string[] stylesheetContents:string[] previewUrl:string count:int!
GetTraysRequest start:int! end:int! type:string name:string language:string includeCus:bool! includeComps:bool! includeSeparators:bool! divideRatio:number!
GlobalExport Name:string Query:string
GlobalVariableItem Name:string GlobalValue:string XPathQuery:bool! VariableType:string PubTargetOverrides:GlobalVariablePubTargetOverrideItem[]
GlobalVariablePubTargetOverrideItem Value:string PubTargetId:string
GoogleProperty Id:string Name:string
GridDataOfComponentItemInfo identifier:string label:string numRows:int! items:ComponentItemInfo[]
GroupProfileRemovalParam<SettingGetParam groupId:string
GroupProfileRemovalResult<GroupProfileRemovalParam removed:bool!
HttpResponseException<Exception Response:file
IAction Description:string Type:EnumActionType! Attributes:IAttribute[]
IAdvancedUserProfile AlwaysShowPath:bool! Theme:string DITAOTDebugMode:bool! DITAMapDetailFields:IDITAMapDetailField[]
IAsset AssetContentDetailType:string NonXmpMetadata:bool! FileName:string Extension:string IsExternal:bool! ExternalUrl:string ViewBound:bool! SourceEditionId:string AncestorEditionIds:string[] NeedsEdit:bool! NonRuntimeIndexable:bool! DITATitle:string
IAttribute Name:string Value:string Readonly:bool! Hidden:bool! Required:bool! Indexable:bool!
IContentItem ParentId:string SiblingPosition:number! _Locale:string ContentItemType:ContentItemTypes! StartDate:date EndDate:date CanMarkForPublish:bool! CheckedOut:bool! NowSyncing:bool! JustSynced:bool! Icon:int! AssignedUser:IUser AssignedGroup:IUserGroup Locale:ILocale LocaleInherited:bool! CanParentRegionRoots:bool! MasterLingualMap:ILingualPageMap AssignmentComment:string CurrentWorkflow:IWorkflow SecurityInherited:bool! SecurityDescriptor:ISecurityDescriptor
ICustomTabsConfig
IDITAMapDetailField Source:DITAMapDetailInformationSource! Name:string Label:string
IFinalizeCloneInfo ClonePageVersion:int! FinalizationDate:date! FinalizationUser:string
ILingualPageMap MasterPageID:string ClonePageID:string MasterPageLocale:string ClonePageLocale:string CurrentVersionMap:ILingualPageVersionMap LastFinalizedVersionMap:ILingualPageVersionMap
ILingualPageVersionMap Owner:ILingualPageMap MasterPageVersion:int! InitiationDate:date! InitiationUser:string FinalizeInfo:IFinalizeCloneInfo Finalized:bool!
ILocale LCID:int! RegionCode:string Name:string NativeName:string EnglishName:string ISOLanguageName:string WindowsLanguageName:string
IPage CreationSchema:ISchema IsComponent:bool! SerializeOnCheckIn:bool! Site:ISite RulesInherited:bool! PCRDescriptorID:string ReferenceMapping:string[]
ISchema RuntimeIndexable:bool!
ISecurityDescriptor PageId:string ContentItemId:string
ISettings SectionNames:string[] ApplicationName:string
ISite SiteVersion:Version VersionsLimit:int! CustomTabsConfig:ICustomTabsConfig TinyMceConfig:ITinyMceConfig ToolbarConfig:IToolbarConfig TreeMenuConfig:ITreeMenuConfig AssetTreeMenuConfig:ITreeMenuConfig Settings:ISettings WorldViewSettings:IWorldViewSettings XmlDirectoryPath:string
IThemeColor Name:string Color:string
ITinyMceConfig TemplateProfile:ITinyMceTemplate DefaultProfile:ITinyMceGroupProfile
ITinyMceGroupProfile Name:string Id:string GroupId:string Default:bool! ConfigJSON:string Plugins:TinyMceSettingList BlockFormats:TinyMceSettingList HeadingFormats:TinyMceSettingList Fonts:TinyMceSettingList FontSizes:TinyMceSettingList TableCssClass:TinyMceSettingList LinkCssClass:TinyMceSettingList ImageCssClass:TinyMceSettingList RemoveButtons:TinyMceSettingList CommandRow:TinyMceSettingList ContentCssFile:string IgxSmartPaste:string
ITinyMceTemplate SupportHTML5:bool! SupportHTML5CustomDataAttributes:bool! ForcedRootBlock:string VerifyHtml:bool! EntityEncoding:string ExtendedValidElements:string InvalidElements:string
IToolbarButton Name:string IsDisplayed:bool! IsSeparator:bool!
IToolbarConfig DefaultProfile:IToolbarConfigProfile TemplateProfile:IToolbarConfigProfile
IToolbarConfigProfile Buttons:IToolbarButton[] Type:string GroupId:string TextOption:string IconOption:string
ITransition Description:string IsDefault:bool! AssignToGroupOnly:bool! DisallowDefaultUserOverride:bool! AllowNextGroupToAdvance:bool! Actions:IAction[] DefaultUser:IUser NextGroup:IUserGroup CurrentState:IWorkState NextState:IWorkState Definition:IWorkflowDefinition Trigger:EnumTrigger! UIParameters:ITransitionUserInterface
ITransitionUserInterface ToolbarIcon:string OnEnterPrompt:string OnExitPrompt:string
ITreeMenuConfig TemplateProfile:ITreeMenuProfile DefaultProfile:ITreeMenuProfile
ITreeMenuItem Name:string Caption:string Icon:string IsDisplayed:bool! HasSubMenu:bool! IsSeparator:bool! Children:ITreeMenuItem[]
ITreeMenuProfile Type:string GroupId:string Children:ITreeMenuItem[]
IUser IsAdministrator:bool! Profile:IUserProfile EmailAddress:string IntegratedMembershipProvider:string ReadLocales:ILocale[] WriteLocales:ILocale[] ReceiveWorkFlowNotificationMail:bool! PageCount:int! AssetCount:int! AssignmentCount:int! UserRights:IUserRights Activities:IUserActivities ProfileImage:string Title:string DynamicProperties:map<string> Theme:IUserTheme Disabled:bool!
IUserActivities LastPageId:string LastPublish:date FavoritePages:IUserActivityPageEntry[] FavoriteAssetItems:IUserActivityPageEntry[] RecentPages:IUserActivityPageEntry[] RecentAssetItems:IUserActivityPageEntry[] CurrentUserStatus:UserStatus RecentActivities:UserStatus[]
IUserActivityPageEntry Name:string Icon:int!
IUserGroup UserRights:IUserRights GroupType:string
IUserProfile Position:string Organization:string Workphone:string Cellphone:string PlayNotificationSound:bool! NotificationSoundName:string DefaultEditFormView:EnumEditFormView! DashboardPreferences:DashboardPreferences Advanced:IAdvancedUserProfile
IUserRights UserRight1:EnumUserRight! UserRight2:EnumUserRightTwo!
IUserTheme Default:bool! System:bool! Draft:bool! FontFamilies:string[] FontSize:int! Colors:IThemeColor[]
IWorkState Icon:int! IsActive:bool! Description:string
IWorkflow IsActive:bool! Page:IPage Asset:IAsset ContentItem:IContentItem WorkflowDefinition:IWorkflowDefinition CurrentWorkState:IWorkState AssignedUser:IUser Locked:bool! DontExecuteActions:bool! CurrentGroup:IUserGroup Comment:string DefaultTransition:ITransition
IWorkflowDefinition Description:string Transitions:ITransition[]
IWorldViewSettings
IdNamePair id:string name:string
IdWithError<ObjectWithId Error:string
IgxLocale Locale:string Name:string EnglishName:string BaseLocale:string
IgxToken access_token:string token_type:string expires_in:int! refresh_token:string
InvalidOperationException<SystemException
KeyDefinition SourceId:string Scope:string Name:string TargetId:string TargetName:string TargetArea:string
KeyMatchEntry Key:string KeyMatchType:int! Url:string Title:string Abstract:string
KeyValuePairOfStringAndMembershipProviderChoice Key:string Value:MembershipProviderChoice
KeyValuePairOfStringAndString Key:string Value:string
LegacyGlobalModel rootPath:string applicationName:string authToken:string enableWorldView:bool! currentUserCanAdmin:bool! currentUserHaveAccessToAnyAdminPanel:bool! currentUserRights:int[] currentUserId:string currentUserName:string currentUserGroups:IdNamePair[] currentUserMembershipProvider:string currentUserThumbnail:string publishingTargets:PubTargetInfo[] autoSave:bool! inContextEditEnabled:bool! iceHiliteColor:string iceInvokeColor:string localeList:map<IgxLocale> contentLocalesChoices:string languageChoices:UILanguageChoice[] languageRootIds:string[] siteStatusDialogDelay:int! timezones:TimeZoneInfo[] serverUrl:string authorHelpUrl:string adminHelpUrl:string recycleFolderId:string assetRecycleFolderId:string requestedPageId:string contentStoreProps:string tinymceConfig:TinyMCEConfiguration tinymceMatchPreviewCss:bool! messagingDebug:bool! assetTypes:string[] assetSchemaVersionControlTypes:string[] iconClasses:map<string> showUtilityTree:bool! playNotificationSound:string defaultEditFormView:string disabledLocalExports:bool! autoShowPath:bool! requireCheckinComments:bool! showCommentModalOnCheckin:bool! autoUpdateAliases:bool! autoExpandMoreNodes:bool! bypassMultiActionCheck:bool!
ListRangeDataOfTraysDataModel ItemsInRange:TraysDataModel[] TotalCount:int!
LocaleInfo Locale:string Name:string EnglishName:string BaseLocale:string
LocaleInfo2 Locale:string Name:string EnglishName:string BaseLocale:string
LogViewerLogLine LineNum:int! Message:string Type:string Time:string
LogViewerOutput<PaginatedModelOfLogViewerLogLine
MembershipProviderChoice DisplayName:string Provider:string IsSaml:bool!
MembershipProvidersList Providers:KeyValuePairOfStringAndMembershipProviderChoice[]
NameIdPair Id:string Name:string
NameIdPairWithIcon<NameIdPair Icon:int!
NameNumberCoverageSet Id:string Name:string Number:int! Coverage:int!
NameNumberPair Id:string Name:string Number:int!
NameValuePair Value:string Name:string
NameWithPath<NameIdPair Path:string
NamedObject name:string
OAuthIdentityInfo id:string name:string userId:string clientId:string note:string
OAuthIdentitySaveInfo<OAuthIdentityInfo clientSecret:string
OTParameter Name:string Description:string Type:OTParameterType! DefaultValue:string Choices:string[] BelongToFormats:string[] IsCommonParam:bool!
OTParameterType=String|Number|Enum|Bool
ObjectWithId Id:string
ObjectWithName<ObjectWithId Name:string
OverviewActiveUser<NameIdPair Email:string LastLogin:string AssignedPageCount:int!
OverviewCMSStatistics Statistics:OverviewStatistics SiteName:string
OverviewDataEntry<TableDataEntry OverviewValue:string GraphImage:string ChartData:number[]
OverviewModel UserStats:OverviewUserData PageCreationRules:OverviewPageCreationRule[] InProgress:OverviewPageInformation[] InProgressTotal:int! ActiveUsers:OverviewActiveUser[] PublishStats:OverviewPubTarget[] CMSStatistics:OverviewCMSStatistics Preferences:OverviewUserPreferences PubTargets:NameIdPair[] Analytics:AnalyticsModel AnalyticsInitial:AnalyticsInitialData
OverviewPageCreationRule<NameIdPair Schema:string Icon:int! ThumbUrl:string Description:string Author:string
OverviewPageInformation<NameIdPair Icon:int!
OverviewPubTarget<ObjectWithName Value:string LastPubDate:string
OverviewStatistics TotalPageCount:int! TotalAssetCount:int! TotalUsers:int! DatabaseBuild:string SiteVersion:string ContentVersion:string
OverviewUserData LastLogin:string LastPageWorkedOnName:string LastPageWorkedOnId:string LastPageWorkedOn:string LastPublishTime:string PagesCheckedOut:string DashboardOptions:UserDashboardOption[]
OverviewUserPreferences WatchedPages:OverviewPageInformation[] WatchedAssetItems:OverviewPageInformation[] RecentPages:OverviewPageInformation[] RecentAssetItems:OverviewPageInformation[] Error:string
PCRDetails<PCRInfo ParentPages:PCRParentInfo[]
PCRGroupInfo Id:string Name:string
PCRInfo Id:string Name:string Description:string SchemaName:string SchemaId:string SchemaIcon:int! CreatedById:string CreatedByName:string Users:PCRUserInfo[] Groups:PCRGroupInfo[] ParentPageCount:int! UserCount:int! GroupCount:int!
PCRParent Id:string Name:string Path:string Icon:int! ParentOnly:bool! Accessible:bool!
PCRParentInfo PageId:string ParentOnly:bool!
PCRParentPageModel<PageModel IncludeDescendants:bool!
PCRUserInfo Id:string Name:string
PageContextModel<ContentItemContextModel
PageDetailsModel<ContentItemDetailsBaseModel
PageElementData<PageFieldData childElementType:string nodeValue:string childElements:PageElementData[] disabled:bool! uniqueId:string ignoreEmbedding:bool!
PageFieldData nodeName:string nodePosition:int! attributes:map<string> deletedAttributes:map<string> childSchemaName:string childSchemaFriendlyName:string childSchemaId:string childName:string childParentId:string pageBuilderTemplateName:string contentUnitField:bool! extendedObject:string
PageMapModel<PathMapModel HistoricalPaths:PagePathHistoryModel[]
PageModel<ContentItemBaseModel ViewName:string Stylesheet:string IsComponent:bool! AliasInfo:AliasInfo
PageOverviewModel NotInitialized:bool! LiveUrl:string PageId:string ProviderName:string
PagePathHistoryModel<PathHistoryModel Canonical:bool!
PagePresentation_GlobalContentUnit<PagePresentation_GlobalContentUnitSummary ElementData:PageElementData ElementId:string ElementXml:string FieldLabel:string FieldType:string ElementSchemaType:string HasInstances:bool!
PagePresentation_GlobalContentUnitSummary Id:string Name:string IconName:string ThumbnailPath:string ElementName:string TemplateName:string IsComponentUnit:bool! Reusable:bool! HasView:bool! AllowedSchemas:string[] ComponentSchemaId:string ComponentSchemaName:string
PagePreviewModel<PageModel ChildContentIds:string[]
PageXmlModel<EntityBaseModel Content:string PageId:string Version:int! CheckedOut:bool!
PaginatedModelOfAssetFolderModel Results:AssetFolderModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfAssetItemModel Results:AssetItemModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfAssignmentListInfo Results:AssignmentListInfo[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfBaseModel Results:BaseModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfCategoryModel Results:CategoryModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfCompSchemaPage Results:CompSchemaPage[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfContentItemBaseModel Results:ContentItemBaseModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfContentItemMetadataModel Results:ContentItemMetadataModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfContentItemUsageInfo Results:ContentItemUsageInfo[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfContentItemVersionInfo Results:ContentItemVersionInfo[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfContentProcessorLogItemModel Results:ContentProcessorLogItemModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfDitaMapEntry Results:DitaMapEntry[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfLogViewerLogLine Results:LogViewerLogLine[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfPCRInfo Results:PCRInfo[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfPCRParent Results:PCRParent[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfPageModel Results:PageModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfPublishingPreviewContentItemModel Results:PublishingPreviewContentItemModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfPublishingTargetModel Results:PublishingTargetModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfRankedSearchResultEntry Results:RankedSearchResultEntry[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfRedirectInfo Results:RedirectInfo[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfSchemaModel Results:SchemaModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfSchemaUsageResult Results:SchemaUsageResult[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfSiteDefinitionsLocalizationListItem Results:SiteDefinitionsLocalizationListItem[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfThemeModel Results:ThemeModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfUserGroupModel Results:UserGroupModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfUserModel Results:UserModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfWorkflowDefinitionModel Results:WorkflowDefinitionModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfWorkflowReportRowData Results:WorkflowReportRowData[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelOfWorkstateModel Results:WorkstateModel[] TotalResults:int! PageSize:int! NextIndex:int!
PaginatedModelWithTagOfDitaMapEntryAndBoolean<PaginatedModelOfDitaMapEntry Tag:bool!
PaginatedSortOrder=NONE|ASCENDING|DESCENDING
ParamOption label:string value:string
ParameterInformation name:string label:string type:string defaultValue:string options:ParamOption[]
ParameterizedReportInformation<SimpleReportInformation parameters:ParameterInformation[]
PathHistoryModel Type:EnumUrlMapPageHistoryType! Path:string
PathMapModel<EntityBaseModel ContentId:string Path:string Schema:string RequireSSL:bool!
PendingPublishTaskModel Id:string Name:string PubTargetName:string RootPageId:string IsFullPublish:bool! SubmitTime:string SubmitUserId:string EstimatedStartTime:string PagesCount:int! Pages:string[] WaitingForSync:bool!
PeriodData pagesCreated:int! pagesUpdated:int! percentageOfPagesUpdated:number! pagesPublished:int!
PiePiece Label:string Data:int!
PostProcessPluginField Name:string Value:any Type:string Choices:NameIdPair[] Label:string
PresentationFormatter<NameIdPair
PresentationGlobalContentUnits FieldContentUnits:PagePresentation_GlobalContentUnit[] ComponentContentUnits:PagePresentation_GlobalContentUnit[] justRefreshed:bool!
PresentationModel<NameIdPair
ProductionDataModel labels:string[] datasets:DatasetModel[]
PubTargetAnalyticsData<NameIdPair Info:NameValuePair[] Error:string
PubTargetAnalyticsPieChart<NameIdPair PiePieces:PiePiece[] Error:string
PubTargetInfo<IdNamePair rootPageId:string structuredUrlEnabled:bool! previewUrl:string dynamicPublish:bool! mfo:bool! replicationEnabled:bool! analyticsEnabled:bool! canPreviewDita:bool!
PublishCompletionLogModel<EntityBaseModel Error:string PublishingTargetId:string PublishingTargetName:string PublishingTaskId:string StartTime:date! SubmitTime:date! UserID:string UserName:string Incremental:bool! ForcedIncremental:bool! TotalTimeSeconds:number! FailedItemsCount:int! AveragePagePublishMillis:number! TotalPagesPublished:int! AverageAssetPublishMillis:number! TotalAssetsPublished:int! Entries:PublishPageModel[] CompletionTime:string ReplicationsToPerform:int! ReplicationCompletionTime:string ReplicationStoppingError:bool!
PublishErrorModel TaskId:string ErrorMessage:string
PublishMarking PubTargetId:string MarkedVersion:int!
PublishPageModel PageID:string Error:string Success:bool! SuccessMessage:string
PublishingCompletionLogSummary FileName:string PublishingTargetID:string PublishTime:string
PublishingLogSummary identifier:string numRows:int! label:string items:PublishingCompletionLogSummary[] Full:PublishingLogSummaryValues Incremental:PublishingLogSummaryValues repTargets:ReplicationTargetSummary[]
PublishingLogSummaryValues TotalPublishCount:int! AvgPublishTime:number! AvgPublishPages:number! AvgPublishAssets:number!
PublishingMonitorModel PendingItemsCount:int! Publishing:PublishingStatusModel Replications:ReplicationStatusModel RecentCompletedPublishes:PublishCompletionLogModel[]
PublishingPreviewContentItemModel Id:string Version:string
PublishingPreviewTaskModel TaskId:string IsFullPublish:bool! SitePublish:bool! PublishingTargetName:string SubmitTime:string SubmitUserId:string RootPageId:string IncludeChildren:bool! PagesCount:int! AssetsCount:int!
PublishingStatusModel<PendingPublishTaskModel StartTime:string TasksCount:int! CurrentStatus:string PercentCompleted:int! EstimatedEndTime:string AverageMilliSecondsPerPage:number! AveragePagesPerSecond:number! PagesPublished:int! Inactive:bool! Errors:PublishErrorModel[] UpdateTime:string
PublishingTargetModel<EntityBaseModel MarkedPageCount:number! MarkedAssetCount:number! LastPublished:date! LastAssetPublish:date! RootPageId:string RootPageName:string GlobalContentRootId:string GlobalContentRootName:string PublishFolder:string TransformOnPublish:bool! UserAgent:string Site:string ExternalPreviewUrl:string IceFieldMarkupUpdateUrl:string PresentationFormatterId:string MvcSupport:bool! SkipXmpPublishling:bool! SkipLingualMapPublishling:bool! ReplicationEnabled:bool! SimultaneousReplicationEnabled:bool! HomePageId:string HomePageName:string ErrorPageId:string ErrorPageName:string UrlExtension:string UrlSeparator:string BaseUrl:string AnalyticsProvider:string ForceLowerCaseUrl:bool! RedirectToCanonicalUrl:bool! IncludeFolderNamesInUrlPath:bool! NormalizeUrlSeparators:bool! RemoveDiacriticsFromUrl:bool! PreservePeriods:bool! UseAliasUrls:bool! EnableAnalytics:bool!
PublishingTargetOrder=Id|Name|LastPublishedDate
RankedSearchResultEntry<ContentItemBaseModel Rank:number! Recycled:bool!
RankedSearchResultModel<PaginatedModelOfRankedSearchResultEntry
RedirectInfo<ObjectWithId SelectedTgtIds:string SelectedTgtNames:string From:string To:string Notes:string Temp:bool!
ReplaceReportEntryRequest SessionId:string EntryIds:string[] NewValue:string
ReplicationAdditionalLocationModel TargetRelativePath:string SourceFullPath:string
ReplicationCleanupExemptionModel<ReplicationExemptionBaseModel
ReplicationCompleteLogModel PublishingTargetID:string ReplicationTargetID:string StartTime:date! TotalTimeSeconds:int! CancelledByUser:bool! Replicated:int! Removed:int! Skipped:int! ReplicatedItems:ReplicationItem[] SkippedItems:ReplicationSkippedItem[] StoppingError:string
ReplicationExemptionBaseModel RelativePath:string ExemptAllFiles:bool! ExemptDescendantDirectories:bool! SearchPatterns:string
ReplicationExemptionModel<ReplicationExemptionBaseModel
ReplicationItem Path:string ChangeType:string
ReplicationSessionModel Id:string ReplicationTargetId:string ReplicationTargetName:string StartTime:string Started:bool! Percentage:int! Completed:bool! Cancelled:bool! Error:bool! DetectingChanges:bool!
ReplicationSkippedItem<ReplicationItem Reason:string
ReplicationStatusModel Tasks:ReplicationTaskModel[]
ReplicationTargetModel<NameIdPair TargetLocation:string UseImpersonation:bool! ImpersonateUsername:string ImpersonateUserDomain:string ImpersonatePassword:string TargetAddress:string Port:int! Username:string Password:string RootPath:string CompressedTransfer:bool! Passive:bool! AuthenticateWithPrivateKey:bool! KeyLocation:string SFTPAuthenticationType:SFTPAuthenticationType! AuthenticateWithCertificate:bool! ImplicitEncryption:bool! AllowPrivateCertificates:bool! ConnectionString:string Container:string RegionEndpointSystemName:string Bucket:string AccessKey:string SecretKey:string SavedSecretKey:bool! AuthType:int! IAMAttachedRoleARN:string IAMRoleAnywhereARN:string TrustAnchorARN:string IAMProfileARN:string CertificateLocation:string PrivateKeyLocation:string CommandLineOverrides:string Created:date! LastModified:date! Disabled:bool! UseWriteThrough:bool! UseCommands:bool! ReplicationTargetType:ReplicationTargetType! Name:string! PublishingTargetId:string! LastModifiedUser:string CreationUser:string Description:string PublishingTargetDirectory:string PreReplicationCommand:string PostReplicationCommand:string PreReplicationCommandTimeout:int! PostReplicationCommandTimeout:int! ExemptLocations:ReplicationExemptionModel[] AdditionalLocations:ReplicationAdditionalLocationModel[] CleanupExemptLocations:ReplicationCleanupExemptionModel[]
ReplicationTargetSummary Id:string Name:string
ReplicationTargetType=File|FTP|SFTP|FTPS|Azure|AWS|Robo
ReplicationTargetTypeInfo Name:string Type:string
ReplicationTaskModel Sessions:ReplicationSessionModel[] PublishingTargetId:string PublishingTargetName:string SubmitUserId:string SubmitUserName:string StartTime:string Percentage:int! EstimatedEndTime:string IsSimultaneous:bool!
ReportColumn id:string locale:string label:string attributeName:string dataType:string width:int!
ReportColumnCandidate<ColumnSelection selected:bool!
ReportData Chart:ChartData Table:TableDataEntry[]
ReportEntry Id:string ContentName:string ContentId:string CreationUser:string CreationUserEmail:string CreatedDate:date LastModifiedDate:date Name:string FoundValue:string FullValue:string TypeOfValue:string IsCheckedIn:bool! SearchText:string SearchType:SearchOperatorType! CaseSensitive:bool!
ReportGetColumnsCandidateInputObject reportId:string involvedDocs:string[] query:string
ReportInformation<ReportRowData lastVisitUser:string query:string involvedDocuments:string[] parameters:ReportParameter[] schedules:ReportSchedule[] columns:ReportColumn[] idColumnName:string providerUrl:string
ReportNameValuePair name:string value:string
ReportOccur id:string name:string time:string recipientsCount:int!
ReportParameter id:string name:string label:string type:string defaultValue:string options:ReportParameterOption[]
ReportParameterOption label:string value:string
ReportResult rows:string[]
ReportRowData id:string name:string reportType:string lastChangeUser:string lastChangeTime:string lastVisitTime:string
ReportSchedule id:string locale:string name:string startTime:string recurUnit:string recurNumber:int! recipients:string[] parameterValues:ReportNameValuePair[]
ReportSchedulerState started:bool! startTime:string
ReportSchedulesInformation reportId:string schedules:ScheduleInformation[]
ReportScheduling occurrences:ReportOccur[] schedulerState:ReportSchedulerState
ReportStats siteVersion:string pagesCount:int! checkedoutPagesCount:int! usersCount:int! userGroupsCount:int! schemasCount:int! stylesheetsCount:int! pcrsCount:int! workflowsCount:int! pagesInWorkflowCount:int!
ReportStatusResponse Success:bool! ProgressPercentage:int! Complete:bool!
ResetPasswordResult UserName:string ResetSuccessful:bool! EmailSent:bool! EmailError:string Newpassword:string ErrorMessage:string ErrorCode:string
SFTPAuthenticationType=UsernamePassword|PrivateKey|PrivateKeyWithPassword
ScheduleInformation name:string startTime:string recipients:string[] recurNumber:int! recurUnit:string paramValues:ReportNameValuePair[]
ScheduleUpdateResponse success:bool! schedulerStarted:bool!
SchemaBoostData Id:string FriendlyName:string RootName:string Boost:number!
SchemaChoiceInfo<NameIdPair icon:int!
SchemaFieldIndexingData FieldLabel:string FieldName:string Indexed:bool! Boost:number! Type:string
SchemaFieldModel<NameIdPair IsXpower:bool! Type:EnumElementType! Required:bool! ReadOnly:bool! Hidden:bool!
SchemaHelpTextEntry schemaId:string schemaName:string attributes:map<string> elements:map<string>
SchemaIndexingData Id:string FriendlyName:string Indexed:bool!
SchemaModel<EntityBaseModel FriendlyName:string RootName:string IsAssetSchema:bool! Draft:bool! Icon:int! HasThumbnail:bool! ThumbnailId:string ThumbnailRelativePath:string WorkflowRequired:bool! WorkflowDefinitionId:string WorkflowDefinitionName:string Version:int! FieldsCount:int! Fields:SchemaFieldModel[] IsComponentSchema:bool! MapRequiredDitaval:bool!
SchemaNameIdPair Id:string Name:string
SchemaUsageResult<EntityBaseModel Icon:int! SchemaId:string RootName:string CheckedOut:bool! AssignedUser:string AssignedGroup:string SchemaVersion:int! ContentType:ContentItemTypes! FieldId:string FieldFullId:string FieldName:string HasPresentation:bool! PresentationStatus:string SyncPresentation:bool!
SchemaUsageType=ContentItems|Embedded|ContentUnits
SearchOperatorType=Asset|BrokenReferences|Text|UnusedAssets|Xid|Base|AssetText
SearchReportModel ReportId:guid!
SelectPropertyModel Properties:GoogleProperty[] AccessToken:string
SettingGetParam settingName:string
SettingModel Section:string Setting:string Value:string
SimpleCacheItemModel<NameIdPair ParentId:string SiblingPosition:number! CheckedOutName:string CheckedInName:string
SimpleReportInformation<ReportGetColumnsCandidateInputObject parentFolderId:string name:string columns:ColumnSelection[] idColumnName:string
SiteDefinitionItemLocalizationStats Done:int! All:int! Percent:int!
SiteDefinitionsLocalizationListItem Id:string Name:string IsTranslated:bool! IsIncomplete:bool! IsOutDated:bool!
SiteDefinitionsLocalizationStats PageSchemas:SiteDefinitionItemLocalizationStats ComponentSchemas:SiteDefinitionItemLocalizationStats PCRs:SiteDefinitionItemLocalizationStats WorkflowDefinitions:SiteDefinitionItemLocalizationStats WorkflowStates:SiteDefinitionItemLocalizationStats LastUpdateDate:string IsStats:bool!
SiteModel SearchString:string SiteGroup:string Name:string
SiteOverviewModel NotInitialized:bool! Data:OverviewDataEntry[] ProviderName:string
StatsResponse general:ReportStats period:PeriodData
StringResultModel Result:string
StructuredEntityModel<EntityBaseModel ParentId:string ChildrenCount:int! SiblingPosition:number!
StyleFormatItem title:string format:string
StyleFormats title:string items:StyleFormatItem[]
SynonymDataEntry LeadWord:string Words:string[] Type:string
SystemException<Exception
SystemOptionsGetOutputInfo success:bool! data:string
SystemOptionsGetParam id:string context:string
SystemOptionsSetInputInfo id:string data:string context:string
SystemOptionsSetOutputInfo success:bool! msg:string tinymceConfig:string
TabDataModel<BaseModel overviewTab:bool! editTab:bool! assetTab:bool! assetFolderTab:bool! assetEditTab:bool! taxonomyTab:bool! assetTaxonomyTab:bool! previewTab:bool! designTab:bool! historyTab:bool! assetHistoryTab:bool! assetXmlTab:bool! assetPreviewTab:bool! xmlTab:bool! propertiesTab:bool! translateTab:bool! analyticsTab:bool! assetDitaTab:bool! customTabs:CustomTabInformation[]
TableDataEntry Name:string Link:string Value:long!
TaxonomyStatisticsModel CategoriesCount:int! CreatedCount:int! TranslatedCount:int! LastUpdate:string
ThemeColorModel<ObjectWithName Color:string
ThemeModel<EntityBaseModel IsDefault:bool! IsSystem:bool! Draft:bool! Font:string FontSize:int! Colors:ThemeColorModel[]
TimeZoneInfo name:string offset:string
TinyMCEConfiguration supportHtml5:bool! supportHtml5CustomDataAttributes:bool! theme_igx_buttons1:string plugins:string table_class_list:TitleValuePair[] link_class_list:TitleValuePair[] image_class_list:TitleValuePair[] block_formats:string block_formats_list:StyleFormats heading_formats_list:StyleFormats inline_formats_list:StyleFormats style_formats:StyleFormats[] font_formats:string fontsize_formats:string table_row_class_list:TitleValuePair[] table_cell_class_list:TitleValuePair[] content_css:string mode:string entity_encoding:string theme:string schema:string verify_html:bool! valid_elements:string extended_valid_elements:string invalid_elements:string custom_elements:string valid_children:string width:string height:string file_browser_callback:string relative_urls:bool! convert_urls:bool! document_base_url:string forced_root_block:string dialog_type:string use_native_selects:bool! apply_source_formatting:bool! fix_list_elements:bool! strict_loading_mode:bool! convert_fonts_to_spans:bool! font_size_style_values:string spellchecker_languages:string spellchecker_rpc_url:string auto_reset_designmode:bool! config_json:string importcss_append:bool!
TinyMceButton id:string name:string value:string type:string
TinyMceSettingList isDefault:bool!
TitleValuePair title:string value:string
TraysDataModel ElementData:PageElementData IsSeparator:bool! Label:string Id:string Name:string SchemaName:string Locale:string IsContentUnit:bool! Thumb:string
TypeLoadException<SystemException ResourceId:int! Message:string TypeName:string
UILanguageChoice locale:string name:string flag:string
UniqueObject<NamedObject id:string
UniqueObjectC ID:string Name:string
UpdatePCRRequest Id:string! Name:string! SchemaId:string Description:string IsDefault:bool! WorkflowId:string AutoSelectParent:bool! OverrideStylesheet:string UsersToAdd:string[] UsersToRemove:string[] GroupsToAdd:string[] GroupsToRemove:string[] ParentsToAdd:PCRParentInfo[] ParentsToRemove:string[]
UserActivityModel UserName:string Content:string Action:string Thumbnail:string Timeline:string UserId:string
UserAgentModel Name:string SearchString:string ContentType:string FileExtension:string
UserDashboardOption Id:string Value:bool! Order:int!
UserGroupChoiceForSetting id:string name:string groupId:string userRights:int[] active:bool! _checked:bool!
UserGroupModel<EntityBaseModel UserIds:string[] GroupType:string
UserModel<EntityBaseModel UserId:string IsTaskUser:bool! Picture:string Title:string LastActive:string Disabled:bool!
UserStatus Status:string Action:string IsComment:bool! LastModified:date!
Version Major:int! Minor:int! Build:int! Revision:int! MajorRevision:int! MinorRevision:int!
WorkStateInfo workflow:string state:string
WorkflowDefinitionDetailModel<WorkflowDefinitionModel Transitions:WorkflowTransitionModel[]
WorkflowDefinitionModel<EntityBaseModel Desc:string PagesCount:int! InitialGroupIsEmpty:bool!
WorkflowExternalClientAction<ObjectWithId Url:string DialogHeight:int! DialogWidth:int!
WorkflowModel<EntityBaseModel StateId:string StateName:string DefinitionId:string DefinitionName:string CurrentGroupId:string CurrentGroupName:string ContentId:string ContentName:string Comment:string Active:bool! Locked:bool! NoExecute:bool!
WorkflowReportRowData name:string id:string schema:string workflow:string workstate:string group:string assignedTo:string lastUpdated:string lastComment:string
WorkflowTemplatePreparationOutput Success:bool! Definition:WorkflowDefinitionModel WorkflowStates:WorkstateModel[] AllWorkflowStates:WorkstateModel[]
WorkflowTemplatePreprationInput<NameIdPair NewDescription:string WorkflowStateNames:string[]
WorkflowTransition<NameIdPair Description:string GroupId:string GroupName:string ToolbarIcon:string NextStateId:string NextStateName:string DefaultUserId:string AssignToGroupOnly:bool! DisallowDefaultUserOverride:bool! BeforeAdvanceExternalAction:WorkflowExternalClientAction AfterAdvanceExternalAction:WorkflowExternalClientAction IsDefaultTransition:bool! BridgeToWorkflow:NameIdPair UserNames:BaseModel[] ShowDependencyDialog:bool! PubTargetIds:string[]
WorkflowTransitionActionModel Id:string Description:string ActionTypeId:int! Attributes:map<string>
WorkflowTransitionModel<NameIdPair Description:string CurrentState:string NextState:string IsDefault:bool! IsInitial:bool! NextGroupId:string NextGroupName:string DefaultUser:string AllowNextGroupToAdvance:bool! Actions:WorkflowTransitionActionModel[]
WorkstateModel<EntityBaseModel Description:string Active:bool! Icon:int!
`;
