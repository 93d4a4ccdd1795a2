/** A request as somebody would say it, and the operations of which any one answers it. */
export interface HeldOutRequest {
  readonly request: string;
  readonly operations: readonly string[];
}

/**
 * Eighty everyday requests of editors and administrators, in their own words, over all 29 areas of the CMS roughly by
 * how often people ask for them. They measure whether the search over the operations finds what is meant. They were
 * written from the contract of the CMS alone (its ids, paths, parameters and models), without the texts that the
 * search looks in, and so they say something about requests that nobody foresaw. When one is missed, its words do not
 * belong into those texts: that would turn the measure into an echo.
 */
export const heldOutRequests: readonly HeldOutRequest[] = [
  { request: 'change the name of a page in the site tree', operations: ['Pages_Rename'] },
  {
    request: 'who edited the pricing page last month, and which versions are there?',
    operations: ['Pages_GetPageHistory'],
  },
  { request: 'move a bunch of pages under a different section', operations: ['Pages_Move'] },
  { request: 'duplicate landing page with everything below it', operations: ['Pages_Copy'] },
  { request: 'lock a page so nobody else can edit it while I work on it', operations: ['Pages_CheckOut'] },
  { request: 'send the page on to the reviewer for approval', operations: ['Pages_AdvanceWorkflow'] },
  { request: 'throw this page away', operations: ['Pages_DeletePage'] },
  { request: 'list whats below the About us page', operations: ['Pages_GetChildren', 'Pages_GetDescendants'] },
  { request: 'where did my deleted pages go? trash bin', operations: ['Pages_GetRecycleFolder'] },
  { request: 'upload a new PDF to the documents folder', operations: ['Assets_Upload'] },
  { request: 'search images by file name', operations: ['Assets_SearchAssetItems'] },
  { request: 'how much disk space do our media files take up?', operations: ['Assets_TotalSize'] },
  { request: 'extract a zip full of pictures', operations: ['Assets_Unzip'] },
  {
    request: 'get the actual file of an image so I can save it on my computer',
    operations: ['Assets_GetFileBinary', 'Preview_GetAssetFile'],
  },
  { request: 'make a new folder for the spring campaign images', operations: ['Assets_CreateAssetFolder'] },
  { request: 'cancel my checkout of a document, I changed nothing', operations: ['Assets_UndoCheckOut'] },
  { request: 'hand this picture over to Maria so she works on it', operations: ['Assets_AssignToUser'] },
  { request: 'remove old logos even if pages still use them', operations: ['Assets_DeleteAssetItems'] },
  { request: 'is anything being published right now?', operations: ['Publishing_GetCurrentTasks'] },
  { request: '301 from old url to a new page', operations: ['Publishing_SaveRedirect'] },
  { request: 'show all url redirects', operations: ['Publishing_GetRedirects'] },
  { request: 'get rid of several redirects in one go', operations: ['Publishing_DeleteRedirects'] },
  {
    request: "why did last night's publish fail? show me the log",
    operations: ['Publishing_GetPublishingLogDetails', 'Publishing_GetPublishingTargetPublishingSummary'],
  },
  {
    request: 'what would go live if I published the products section?',
    operations: ['Publishing_PublishPreview', 'Publishing_GetPubPreviewTaskContentPage'],
  },
  { request: 'publishing destinations: staging, production', operations: ['Publishing_GetPublishingTargets'] },
  {
    request: 'when was this page last pushed to the live site',
    operations: ['Publishing_GetContentItemPublishedToTarget'],
  },
  { request: 'add a new category below Industries', operations: ['Taxonomy_CreateCategory'] },
  { request: 'tag ten articles with Healthcare at once', operations: ['Taxonomy_AddAssociations'] },
  {
    request: 'look up a category by typing part of its name',
    operations: ['Taxonomy_QuickSearch', 'Taxonomy_GetCategories'],
  },
  {
    request: 'which pages are filed under the category News',
    operations: ['Taxonomy_GetAssociations', 'Pages_GetByCategory'],
  },
  { request: 'give a taxonomy term alternative words', operations: ['Taxonomy_SetCategorySynonyms'] },
  { request: 'who is allowed to use this category', operations: ['Taxonomy_GetCategorySecurity'] },
  { request: 'approval processes we have set up', operations: ['Workflow_ListWorkflowDefinitions'] },
  {
    request: 'at which step of the approval is this page, and where can it go next?',
    operations: ['Workflow_GetWorkflowByContentItem', 'Workflow_GetWorkflowStates', 'Pages_GetWorkflowStates'],
  },
  { request: 'add a new state "Legal review" to our workflows', operations: ['Workflow_CreateWorkstate'] },
  { request: 'report on the items that sit in a workflow', operations: ['Workflow_GetWorkflowReport'] },
  { request: 'delete a workflow that nobody uses any more', operations: ['Workflow_DeleteWorkflowDefinition'] },
  { request: 'find dead links', operations: ['Site_GenerateBrokenLinkReport'] },
  { request: 'which images are not used anywhere?', operations: ['Site_GenerateUnusedAssetsReport'] },
  {
    request: 'find every page that mentions our old phone number',
    operations: ['Site_GenerateTextSearchReport', 'Site_RankedSearch', 'Site_SearchContentItems'],
  },
  {
    request: 'before I delete this item: what links to it?',
    operations: [
      'Site_GetContentItemUsageReport',
      'Site_GetContentItemUsageSummary',
      'Site_GeneratePageReferenceReport',
    ],
  },
  { request: 'download a finished site report as a file', operations: ['Site_DownloadReport'] },
  { request: 'change a global variable', operations: ['Settings_SetGlobalVariables'] },
  { request: 'which API clients and tokens are registered?', operations: ['Settings_GetOAuthIdentities'] },
  { request: 'new secret for an integration because the old one leaked', operations: ['Settings_ResetClientSecret'] },
  { request: 'add our own language, e.g. Swiss French', operations: ['Settings_CreateCustomLocale'] },
  { request: 'what timezones can I choose from', operations: ['Settings_GetTimeZones'] },
  { request: 'what content types are there for pages', operations: ['Schemas_GetSchemas', 'Schemas_Search'] },
  {
    request: 'which fields does the Article schema have?',
    operations: ['Schemas_GetSchema', 'Schemas_GetPageOrAssetSchema'],
  },
  { request: 'how many pages use the Blog post schema and are outdated', operations: ['Schemas_GetSchemaUsage'] },
  {
    request: 'make matches in the title rank higher in the site search',
    operations: [
      'InsiteSearch_SaveBoostFieldsForSchema',
      'InsiteSearch_SaveSiteWideBoostFields',
      'InsiteSearch_SaveBoostSchemas',
    ],
  },
  {
    request: 'promoted results (best bets) for a search word',
    operations: ['InsiteSearch_GetKeymatches', 'InsiteSearch_SaveKeymatches'],
  },
  { request: 'bulk load search synonyms from a file', operations: ['InsiteSearch_ImportSynonyms'] },
  {
    request: 'run a saved report and show me its rows',
    operations: ['Reports_GetSimpleReportResults', 'Reports_GetParameterizedReportResults'],
  },
  { request: 'run a report automatically every Monday', operations: ['Reports_SaveReportSchedules'] },
  { request: 'how many visitors did the contact page get last week?', operations: ['Analytics_GetPageOverview'] },
  { request: 'disconnect google analytics', operations: ['Analytics_GoogleRevokeToken'] },
  { request: 'who is logged in right now', operations: ['Dashboard_GetOnlineUsers'] },
  { request: "what's been happening on the site lately? recent activty", operations: ['Dashboard_GetActivityStream'] },
  { request: 'turn the user manual map into a PDF', operations: ['DITA_PublishDITAMap'] },
  { request: 'list all ditamaps', operations: ['DITA_GetDITAMaps'] },
  { request: 'topics and hierarchy inside a dita map', operations: ['DITA_GetDITAMapTree'] },
  { request: 'raw xml of a page', operations: ['Preview_GetPageXml'] },
  { request: 'what url does page x123 have on the live site?', operations: ['Preview_GetPageMapEntry'] },
  { request: 'my to-do list: what is assigned to me?', operations: ['User_GetAssignments'] },
  { request: 'everyone who is in the group Editors', operations: ['User_GetUsers', 'UserGroups_GetGroup'] },
  { request: 'a new group for the freelance writers', operations: ['UserGroups_CreateGroup'] },
  { request: 'user forgot his pasword', operations: ['Accounts_ResetPassword'] },
  { request: 'make the winter theme the standard look', operations: ['Themes_SetDefault'] },
  {
    request: 'set up copying of the published site to an S3 bucket or FTP server',
    operations: ['Replication_CreateReplicationTarget', 'Replication_SetReplicationTargets'],
  },
  {
    request: 'rules about which pages may be created where',
    operations: ['PCR_ListPCRInfo', 'PCR_GetPCRChildPages', 'PCR_GetPCRParentPages'],
  },
  { request: 'how far along are our translations?', operations: ['L10N_GetLocalizationStats'] },
  { request: 'show the latest errors the CMS server logged', operations: ['Logs_GetCMSLog', 'Logs_GetCMSLogFile'] },
  { request: 'are we in a content freeze at the moment?', operations: ['Notifications_GetContentFreeze'] },
  { request: 'put an outdated page into the archive', operations: ['Entity_Archive'] },
  { request: 'run a macro', operations: ['Hooks_ExecuteCustomMacro'] },
  {
    request: 'components I can drop onto a page in the in-context editor',
    operations: [
      'IceComponentPicker_GetComponentSchemas',
      'IceComponentPicker_GetListPage',
      'IceComponentPicker_GetTrays',
    ],
  },
  { request: 'which css classes does a stylesheet define', operations: ['ContentUnits_GetClassNamesFromCss'] },
  {
    request: 'help text that authors see next to the fields',
    operations: ['Configuration_GetHelpText', 'Configuration_GetAllHelpText', 'Configuration_GetHelpTextByContentItem'],
  },
  { request: 'which claims does the account I am connected with carry?', operations: ['Test_GetClaims'] },
];
