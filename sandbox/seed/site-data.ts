import type { Alert, Redirect, SandboxState, UserActivity } from '../model.ts';
import { seedIds } from './seed-ids.ts';

const { users, targets } = seedIds;

export function seedUserAgents(): SandboxState['userAgents'] {
  return [
    { name: 'Desktop and mobile browsers', searchString: 'Mozilla', contentType: 'text/html', fileExtension: 'html' },
    { name: 'Feed readers', searchString: 'Feed', contentType: 'application/rss+xml', fileExtension: 'xml' },
  ];
}

export function seedSites(): SandboxState['sites'] {
  return [
    { name: 'Northfield University', searchString: 'www.northfield.example', siteGroup: 'Public' },
    { name: 'Northfield Intranet', searchString: 'intranet.northfield.example', siteGroup: 'Internal' },
  ];
}

export function seedRedirects(): Redirect[] {
  return redirectRows.map(([name, from, to, notes, temporary], index) => ({
    id: `Redirects/${index + 1}`,
    name,
    targetIds: [targets.production],
    from,
    to,
    notes,
    temporary,
  }));
}

const redirectRows: [name: string, from: string, to: string, notes: string, temporary: boolean][] = [
  ['Apply', '/apply', '/admissions/how-to-apply', 'Printed on posters', false],
  ['Visit', '/visit', '/admissions/visit', 'Printed in the viewbook', false],
  ['Map', '/map', '/about/campus-map', '', false],
  ['Old fees page', '/fees.html', '/admissions/tuition', 'Address of the previous site', false],
  ['Open house', '/openhouse', '/events/calendar-2026/open-house', 'Until April 2026', true],
];

/** Newest first. */
export function seedAlerts(): Alert[] {
  return [
    {
      id: 'Alerts/3',
      title: 'Page waits for review',
      message: 'Scholarship Funds was submitted for review by Thomas Lindqvist.',
      severity: 'Information',
      createdAt: '2026-02-25T11:45:00Z',
      observedBy: [],
    },
    {
      id: 'Alerts/2',
      title: 'Publish without effect',
      message: 'A publish to Production ended without sending anything, because nothing had changed.',
      severity: 'Warning',
      createdAt: '2026-02-18T11:02:04Z',
      observedBy: [users.editor],
    },
    {
      id: 'Alerts/1',
      title: 'Welcome',
      message: 'Northfield now runs on version 10.6 of the CMS.',
      severity: 'Information',
      createdAt: '2025-09-01T06:00:00Z',
      observedBy: [users.admin, users.publisher, users.editor, users.author, users.viewer],
    },
  ];
}

/** Newest first. */
export function seedActivities(): UserActivity[] {
  return activityRows.map(([time, userId, action, content]) => ({ userId, action, content, time }));
}

const activityRows: [time: string, userId: string, action: string, content: string][] = [
  ['2026-02-27T15:05:00Z', users.editor, 'Check out', 'Printing'],
  ['2026-02-27T14:20:00Z', users.publisher, 'Check out', 'Career Center'],
  ['2026-02-27T13:15:00Z', users.editor, 'Check in', 'Opening Hours'],
  ['2026-02-27T09:50:00Z', users.author, 'Create', 'Winter Market'],
  ['2026-02-27T04:00:00Z', users.publisher, 'Publish', 'Production'],
  ['2026-02-26T17:10:00Z', users.editor, 'Approve', 'Alumni Benefits'],
  ['2026-02-26T16:00:00Z', users.author, 'Submit for review', 'Disability Services'],
  ['2026-02-25T11:45:00Z', users.author, 'Submit for review', 'Scholarship Funds'],
];
