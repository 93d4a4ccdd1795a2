import { keepList, keptList } from '../cms/kept-lists.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { shape } from '../contract/shape.ts';
import { invalidArgument } from '../exceptions.ts';
import type { ApiCall } from '../route.ts';

const PAGE_MENU = ['New', 'CheckOut', 'CheckIn', 'Rename', 'Copy', 'Move', 'Delete'];
const ASSET_MENU = ['Upload', 'CheckOut', 'CheckIn', 'Rename', 'Copy', 'Move', 'Delete'];
const EDITOR_BUTTONS = ['bold', 'italic', 'bullist', 'numlist', 'link', 'image', 'table'];

/** Menus and the editor's buttons: the parts of *Settings* and *Configuration* that have a profile per group. */
export const menuSettingRoutes = contractRoutes({
  Settings_GetGroupsForTreeMenu: (call) => groupChoices(call, 'page-tree'),
  Settings_GetGroupsForAssetTreeMenu: (call) => groupChoices(call, 'asset-tree'),
  Settings_GetTinyMceGroups: (call) => groupChoices(call, call.query.text('settingName')),
  Settings_GetPossiblePageTreeMenuItems: () => PAGE_MENU.map(named),
  Settings_GetPossibleAssetTreeMenuItems: () => ASSET_MENU.map(named),
  Settings_GetPossibleTinyMceItems: () =>
    EDITOR_BUTTONS.map((name) => ({ id: name, name, value: name, type: 'button' })),
  Settings_RemoveGroupProfileForPageTreeMenu: (call) => removeProfile(call, 'page-tree'),
  Settings_RemoveGroupProfileForAssetTreeMenu: (call) => removeProfile(call, 'asset-tree'),
  Settings_RemoveTinyMceGroup: (call) => removeProfile(call, call.query.text('settingName')),
  Configuration_GetPageContextMenuConfiguration: () => PAGE_MENU.map(menuItem),
  Configuration_GetAssetContextMenuConfiguration: () => ASSET_MENU.map(menuItem),
});

const named = (name: string) => ({ Id: name, Name: name });

const menuItem = (name: string) =>
  shape('ContextMenuItemModel', { Name: name, Caption: name, IsDisplayed: true, Children: [] });

/** Every group; active are those with a profile of their own. */
function groupChoices(call: ApiCall, setting: string) {
  const profiles = keptList(call.state, 'group-profiles', setting) ?? [];
  return call.state.groups.map(({ id, name }) =>
    shape('UserGroupChoiceForSetting', {
      id,
      name,
      groupId: id,
      userRights: [],
      active: profiles.some(({ groupId }) => groupId === id),
    }),
  );
}

/** `removed` is false for a group without a profile. */
function removeProfile(call: ApiCall, setting: string) {
  const groupId = call.query.text('groupId');
  if (!call.state.groups.some(({ id }) => id === groupId))
    throw invalidArgument(`There is no group ${groupId}.`, 'groupId');
  const profiles = keptList(call.state, 'group-profiles', setting) ?? [];
  const left = profiles.filter((profile) => profile['groupId'] !== groupId);
  keepList(call.state, ['group-profiles', setting], left);
  return { settingName: setting, groupId, removed: left.length < profiles.length };
}
