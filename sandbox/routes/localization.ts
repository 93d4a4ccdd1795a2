import { findLocale, localeModel } from '../cms/locales.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { invalidArgument, invalidOperation } from '../exceptions.ts';
import type { SandboxState } from '../model.ts';
import { type ApiCall, FileAnswer } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { paginated } from '../views/paging.ts';

/** The kinds of definitions whose labels are translated. */
const DEFINITIONS: Record<string, (state: SandboxState) => { id: string; name: string }[]> = {
  PageSchemas: (state) => schemasOf(state, 'page'),
  ComponentSchemas: (state) => schemasOf(state, 'component'),
  AssetSchemas: (state) => schemasOf(state, 'asset'),
  PCRs: ({ pageCreationRules }) => pageCreationRules,
  WorkflowDefinitions: ({ workflowDefinitions }) => workflowDefinitions,
  WorkflowStates: ({ workstates }) => workstates,
};

/** Tag *L10N* of the contract, flags, and the locales that a site adds. */
export const localizationRoutes = contractRoutes({
  L10N_GetLocalizationStats(call) {
    // Asset schemas have a list, but no place in the statistics.
    const counted = Object.keys(DEFINITIONS).filter((kind) => kind !== 'AssetSchemas');
    return {
      ...Object.fromEntries(counted.map((kind) => [kind, stats(call.state, kind)])),
      LastUpdateDate: compactDate(call.now),
      IsStats: true,
    };
  },
  L10N_GetPageSchemas: (call) => list(call, 'PageSchemas'),
  L10N_GetComponentSchemas: (call) => list(call, 'ComponentSchemas'),
  L10N_GetAssetSchemas: (call) => list(call, 'AssetSchemas'),
  L10N_GetPCRs: (call) => list(call, 'PCRs'),
  L10N_GetWorkflowDefinitions: (call) => list(call, 'WorkflowDefinitions'),
  L10N_GetWorkstates: (call) => list(call, 'WorkflowStates'),
  Configuration_GetFlag(call) {
    const locale = call.query.text('locale');
    if (!findLocale(call.state, locale)) throw invalidArgument(`There is no locale ${locale}.`, 'locale');
    return new FileAnswer('image/png', FLAG);
  },
  Settings_CreateCustomLocale: createLocale,
  Settings_RemoveCustomLocale: removeLocale,
});

function schemasOf(state: SandboxState, kind: string) {
  return state.schemas
    .filter((schema) => schema.kind === kind)
    .map(({ id, friendlyName }) => ({ id, name: friendlyName }));
}

function definitionsOf(state: SandboxState, kind: string) {
  return DEFINITIONS[kind]?.(state) ?? [];
}

function stats(state: SandboxState, kind: string) {
  const { translations } = state.administration.localization;
  const all = definitionsOf(state, kind);
  const done = all.filter(({ id }) => translations[id] === 'Done').length;
  return { Done: done, All: all.length, Percent: all.length === 0 ? 0 : Math.floor((100 * done) / all.length) };
}

function list(call: ApiCall, kind: string) {
  const { translations } = call.state.administration.localization;
  return paginated(call, definitionsOf(call.state, kind), ({ id, name }) => ({
    Id: id,
    Name: name,
    IsTranslated: id in translations,
    IsIncomplete: translations[id] === 'Incomplete',
    IsOutDated: translations[id] === 'OutDated',
  }));
}

function createLocale(call: ApiCall) {
  const locale = call.query.text('locale').trim().toLowerCase();
  const base = findLocale(call.state, call.query.text('baseLocale'));
  if (!/^[a-z]{2,3}(-[a-z\d]+)+$/.test(locale)) throw invalidArgument(`"${locale}" is no locale.`, 'locale');
  if (!base) throw invalidArgument(`There is no locale ${call.query.text('baseLocale')}.`, 'baseLocale');
  if (findLocale(call.state, locale)) throw invalidOperation(`There is a locale ${locale} already.`);
  const created = { locale, baseLocale: base.locale, englishName: call.query.text('englishName') || locale };
  call.state.administration.localization.customLocales.push(created);
  return localeModel(created);
}

/** Built-in locales stay, and so do those that content is written in. */
function removeLocale(call: ApiCall): boolean {
  const { localization } = call.state.administration;
  const locale = call.query.text('locale').toLowerCase();
  if (Object.values(call.state.pages).some((page) => page.locale.toLowerCase() === locale)) {
    throw invalidOperation(`Pages are written in ${locale}.`);
  }
  const left = localization.customLocales.filter((custom) => custom.locale !== locale);
  const isRemoved = left.length < localization.customLocales.length;
  localization.customLocales = left;
  return isRemoved;
}

/** A picture of one pixel; what it shows is nobody's business. */
const FLAG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
