import { xhtml } from './markup.ts';
import type { FieldContent, FieldValue, PageSpec } from './page-spec.ts';

type Fields = Record<string, FieldValue>;

/** A folder: a page that only holds others. */
export function folder(key: string, name: string, description: string): PageSpec {
  return { key, name, schema: 'folder', fields: { Description: description } };
}

/** The landing page of a section; its navigation lists its own children. */
export function section(key: string, name: string, summary: string, body: string, more: Fields = {}): PageSpec {
  const navigation: FieldContent = { value: `{page:${key}}`, attributes: { Depth: '1' } };
  const fields = { Title: name, Summary: summary, Body: xhtml(body), ChildNavigation: navigation, ...more };
  return { key, name, schema: 'section', fields };
}

/** An ordinary content page. */
export function standard(key: string, name: string, summary: string, body: string, more: Fields = {}): PageSpec {
  const topLevelKey = key.split('/')[0] ?? key;
  const navigation: FieldContent = { value: `{page:${topLevelKey}}`, attributes: { Depth: '2' } };
  const fields = { Title: name, Summary: summary, Body: xhtml(body), SideNavigation: navigation, ...more };
  return { key, name, schema: 'standard', fields };
}

/** A degree programme; its department is the page above it. */
export function program(
  key: string,
  name: string,
  degree: string,
  credits: string,
  summary: string,
  outcomes: string[],
  body: string,
  more: Fields = {},
): PageSpec {
  const fields = {
    Title: name,
    Degree: degree,
    Credits: credits,
    Summary: summary,
    Body: xhtml(body),
    LearningOutcomes: { children: outcomes.map((value) => ({ value })) },
    Department: { value: `{page:${key.slice(0, key.lastIndexOf('/'))}}`, attributes: { Text: 'About the department' } },
    Topics: { value: '{category:Topics}', attributes: { Depth: '2' } },
    ...more,
  };
  return { key, name, schema: 'program', fields };
}

/** A news article; the date is a calendar day in 2025 or 2026. */
export function article(
  key: string,
  name: string,
  date: string,
  byline: string,
  category: string,
  summary: string,
  body: string,
  more: Fields = {},
): PageSpec {
  const fields = {
    Headline: name,
    Date: `${date}T09:00:00Z`,
    Byline: byline,
    Category: category,
    Summary: summary,
    Body: xhtml(body),
    ...more,
  };
  return { key, name, schema: 'article', fields };
}

/** An event on one day; the time is local to the campus. */
export function event(
  key: string,
  name: string,
  date: string,
  time: string,
  location: string,
  summary: string,
  body: string,
  more: Fields = {},
): PageSpec {
  const fields = {
    Title: name,
    StartDate: date,
    StartTime: time,
    Location: location,
    Summary: summary,
    Body: xhtml(body),
    OpenToPublic: 'true',
    Cost: 'Free',
    ...more,
  };
  return { key, name, schema: 'event', fields };
}

/** A person's profile. */
export function profile(
  key: string,
  name: string,
  position: string,
  email: string,
  biography: string,
  more: Fields = {},
): PageSpec {
  const fields = { FullName: name, Position: position, Email: email, Biography: xhtml(biography), ...more };
  return { key, name, schema: 'profile', fields };
}

/** The entries of a list, a link set or a set of references: what each points at and the text shown for it. */
export function links(...entries: [target: string, text: string][]): FieldContent {
  return { children: entries.map(([value, text]) => ({ value, attributes: { Text: text } })) };
}

/** The entries of a list that are whole components or XHTML. */
export function entries(...values: string[]): FieldContent {
  return { children: values.map((value) => ({ value })) };
}
