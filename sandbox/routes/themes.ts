import type { Theme } from '../administration.ts';
import { newStamp } from '../cms/actor.ts';
import { touch } from '../cms/check-out.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import { type ApiCall, FileAnswer } from '../route.ts';
import { entityModel } from '../views/entity.ts';
import { paginated } from '../views/paging.ts';

/** Tag *Themes* of the contract: how the CMS looks to its users. */
export const themeRoutes = contractRoutes({
  Themes_List: (call) => paginated(call, call.state.administration.themes, (theme) => themeModel(call, theme)),
  Themes_Get(call) {
    const theme = findTheme(call, call.query.text('id'));
    return theme ? themeModel(call, theme) : null;
  },
  Themes_Create: (call) => themeModel(call, createTheme(call, call.query.text('name'))),
  Themes_Update: updateTheme,
  Themes_Delete: deleteTheme,
  Themes_SetDefault(call) {
    const chosen = knownTheme(call, call.query.text('themeId'));
    for (const theme of call.state.administration.themes) theme.isDefault = theme === chosen;
    return themeModel(call, chosen);
  },
  Themes_Upload: async (call) =>
    themeModel(call, createTheme(call, (await call.body.file()).name.replace(/\.\w+$/, ''))),
  Themes_Less: (call) => stylesheet(call, '@', 'less'),
  Themes_Scss: (call) => stylesheet(call, '$', 'scss'),
});

function findTheme(call: ApiCall, id: string): Theme | null {
  return call.state.administration.themes.find((theme) => theme.id === id) ?? null;
}

function knownTheme(call: ApiCall, id: string): Theme {
  const theme = findTheme(call, id);
  if (!theme) throw invalidArgument(`There is no theme ${id}.`, 'id');
  return theme;
}

function createTheme(call: ApiCall, name: string): Theme {
  const { themes } = call.state.administration;
  if (name.trim() === '') throw invalidArgument('A theme has a name.', 'name');
  if (themes.some((theme) => theme.name === name)) throw invalidOperation(`There is a theme named ${name} already.`);
  call.state.counters.administration += 1;
  const theme = {
    ...newStamp(call),
    id: `Themes/${call.state.counters.administration}`,
    name,
    isDefault: false,
    isSystem: false,
    draft: true,
    font: 'Segoe UI',
    fontSize: 14,
    colors: [],
  };
  themes.push(theme);
  return theme;
}

/** Themes that come with the CMS stay as they are. */
function updateTheme(call: ApiCall) {
  const model = call.body.model('input');
  const theme = knownTheme(call, model.text('Id'));
  if (theme.isSystem) throw invalidOperation(`${theme.name} comes with the CMS.`);
  Object.assign(theme, {
    name: model.text('Name') || theme.name,
    draft: model.flag('Draft'),
    font: model.text('Font'),
    fontSize: Number(model.text('FontSize')),
    colors: model.models('Colors').map((color) => ({ name: color.text('Name'), color: color.text('Color') })),
  });
  touch(call, theme);
  return themeModel(call, theme);
}

function deleteTheme(call: ApiCall): boolean {
  const { administration } = call.state;
  const theme = findTheme(call, call.query.text('id'));
  if (!theme) return false;
  if (theme.isSystem || theme.isDefault) throw invalidOperation(`${theme.name} cannot be deleted.`);
  administration.themes = administration.themes.filter((other) => other !== theme);
  return true;
}

function stylesheet(call: ApiCall, sign: string, extension: string): FileAnswer {
  const theme = knownTheme(call, call.query.text('id'));
  const lines = theme.colors.map(({ name, color }) => `${sign}${name}: ${color};\n`);
  const text = `${sign}font: ${theme.font};\n${sign}font-size: ${theme.fontSize}px;\n${lines.join('')}`;
  const options = call.query.flag('download') ? { downloadName: `${theme.name}.${extension}` } : {};
  return new FileAnswer('text/css; charset=utf-8', text, options);
}

/** `ThemeModel` of the contract. */
function themeModel({ state }: ApiCall, theme: Theme) {
  return {
    ...entityModel(state, theme.id, theme.name, 'Theme', theme),
    IsDefault: theme.isDefault,
    IsSystem: theme.isSystem,
    Draft: theme.draft,
    Font: theme.font,
    FontSize: theme.fontSize,
    Colors: theme.colors.map(({ name, color }) => ({ Id: name, Name: name, Color: color })),
  };
}
