import { groupsOf, hasRight, isAdministrator } from '../cms/access.ts';
import { keepList, keptList } from '../cms/kept-lists.ts';
import { localeModel, localesOf } from '../cms/locales.ts';
import { archiveLog } from '../cms/system-log.ts';
import type { WireModel } from '../contract/contract.ts';
import { boundModel, boundModels, contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { ApiCall } from '../route.ts';
import { productVersion } from './dashboard.ts';

/** Tags *Settings* and *Configuration* of the contract: what is set up for the whole site. */
export const settingRoutes = contractRoutes({
  Settings_GetSetting(call) {
    const { Section, Setting } = boundModel(call);
    return sectionOf(call, String(Section ?? '')).find((row) => row['Setting'] === Setting) ?? null;
  },
  Settings_PutSetting(call) {
    const model = boundModel(call);
    const section = String(model['Section'] ?? '');
    if (section === '' || !model['Setting']) throw invalidArgument('A setting has a section and a name.', 'data');
    const others = sectionOf(call, section).filter((row) => row['Setting'] !== model['Setting']);
    keepList(call.state, ['settings', section], [...others, model]);
    return model;
  },
  Settings_GetSection: (call) => sectionOf(call, call.query.text('sectionName')),
  Settings_PutSection(call) {
    const section = call.query.text('sectionName');
    if (section === '') throw invalidArgument('A section has a name.', 'sectionName');
    const rows = boundModels(call).map((model) => ({ ...model, Section: section }));
    keepList(call.state, ['settings', section], rows);
    return rows;
  },
  Settings_GetData(call) {
    const data = keptList(call.state, 'data', dataId(call))?.[0]?.['data'] ?? null;
    return { success: data !== null, data };
  },
  Settings_SetData(call) {
    const { data } = boundModel(call);
    keepList(call.state, ['data', dataId(call)], [{ data }]);
    return { success: true, msg: null, tinymceConfig: null };
  },
  Settings_GetCustomTabs: (call) => keptList(call.state, 'custom-tabs') ?? [],
  Settings_SetCustomTabs(call) {
    const tabs = boundModels(call).map((tab, index) => ({ ...tab, id: tab['id'] || `CustomTabs/${index + 1}` }));
    keepList(call.state, ['custom-tabs'], tabs);
    return tabs;
  },
  Configuration_GetGlobalCustomTabs: (call) =>
    (keptList(call.state, 'custom-tabs') ?? []).filter(({ isGlobal }) => isGlobal === true),
  Settings_GetGlobalVariables: (call) => keptList(call.state, 'global-variables') ?? [],
  Settings_SetGlobalVariables(call) {
    const variables = boundModels(call);
    const names = variables.map(({ Name }) => Name);
    if (names.some((name) => !name)) throw invalidArgument('A global variable has a name.', 'input');
    if (new Set(names).size < names.length) throw invalidArgument('A name occurs twice.', 'input');
    keepList(call.state, ['global-variables'], variables);
    return variables;
  },
  Settings_GetArchiveTypes: () => ARCHIVE_TYPES.map(([Id, Name]) => ({ Id, Name })),
  Settings_ForceArchive(call) {
    const type = call.query.text('type');
    if (!ARCHIVE_TYPES.some(([id]) => id === type)) throw invalidArgument(`Nothing named ${type} is archived.`, 'type');
    if (type === 'CMSLog') archiveLog(call.state, call.now);
    return true;
  },
  Settings_GetPresentationsFormatters: () => [shape('PresentationFormatter', { Id: 'Html', Name: 'HTML' })],
  Settings_GetServerVariables: ({ runtime }) => [
    { Id: 'SERVER_NAME', Name: new URL(runtime.siteRoot).hostname },
    { Id: 'APPL_PHYSICAL_PATH', Name: 'C:\\inetpub\\sandbox' },
    { Id: 'SERVER_SOFTWARE', Name: `Sandbox/${productVersion}` },
  ],
  // Nothing adds a dictionary over the API, so that there is none to remove.
  Settings_RemoveDictionary: () => false,
  Configuration_GetLegacyGlobals: legacyGlobals,
});

const ARCHIVE_TYPES = [
  ['CMSLog', 'Log of the CMS'],
  ['PublishCompletionLogs', 'Logs of publishes'],
] as const;

function sectionOf(call: ApiCall, section: string): WireModel[] {
  return keptList(call.state, 'settings', section) ?? [];
}

function dataId(call: ApiCall): string {
  const { id } = boundModel(call);
  if (!id) throw invalidArgument('Which data?', 'data');
  return String(id);
}

/** What the browser client asks for at its start, for the caller; the token in it is none. */
function legacyGlobals(call: ApiCall): WireModel {
  const { state, user, runtime } = call;
  return shape('LegacyGlobalModel', {
    rootPath: new URL(runtime.siteRoot).pathname,
    applicationName: state.siteName,
    authToken: 'sandbox-auth-token',
    enableWorldView: true,
    currentUserCanAdmin: isAdministrator(state, user),
    currentUserHaveAccessToAnyAdminPanel: hasRight(state, user, 'IGX_USER_RIGHT_ADMIN'),
    currentUserId: user.id,
    currentUserName: user.name,
    currentUserGroups: groupsOf(state, user).map(({ id, name }) => ({ id, name })),
    publishingTargets: state.publishingTargets.map((target) =>
      shape('PubTargetInfo', {
        id: target.id,
        name: target.name,
        rootPageId: target.rootPageId,
        previewUrl: target.externalPreviewUrl,
        structuredUrlEnabled: true,
        replicationEnabled: target.replicationEnabled,
        analyticsEnabled: target.id in state.analyticsConnections,
      }),
    ),
    localeList: Object.fromEntries(localesOf(state).map((locale) => [locale.locale, localeModel(locale)])),
    contentLocalesChoices: localesOf(state)
      .map(({ locale }) => locale)
      .join(','),
    languageRootIds: Object.values(state.pages)
      .filter(({ isRegionRoot }) => isRegionRoot)
      .map(({ id }) => id),
    serverUrl: runtime.siteRoot,
    recycleFolderId: state.recycleFolderId,
    assetRecycleFolderId: state.assetRecycleFolderId,
    requireCheckinComments: runtime.knobs.requireCheckinComments,
  });
}
