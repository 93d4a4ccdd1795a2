import type { CustomLocale } from '../administration.ts';
import type { SandboxState } from '../model.ts';

/** Locales that every CMS knows; administrators add their own on the ground of one of these. */
const BUILT_IN: CustomLocale[] = [
  ['en-us', 'English (United States)'],
  ['en-gb', 'English (United Kingdom)'],
  ['es-mx', 'Spanish (Mexico)'],
  ['es-us', 'Spanish (United States)'],
  ['fr-ca', 'French (Canada)'],
  ['de-de', 'German (Germany)'],
].map(([locale = '', englishName = '']) => ({ locale, englishName, baseLocale: '' }));

/** Built-in locales, then the site's own. */
export function localesOf(state: SandboxState): CustomLocale[] {
  return [...BUILT_IN, ...state.administration.localization.customLocales];
}

export function findLocale(state: SandboxState, locale: string): CustomLocale | null {
  return localesOf(state).find((candidate) => candidate.locale.toLowerCase() === locale.toLowerCase()) ?? null;
}

/** `IgxLocale` of the contract. */
export function localeModel({ locale, englishName, baseLocale }: CustomLocale) {
  return { Locale: locale, Name: englishName, EnglishName: englishName, BaseLocale: baseLocale || null };
}
