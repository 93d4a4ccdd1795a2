import { contextResource } from './context.ts';
import { jobResource } from './job.ts';
import { pageResource } from './page.ts';
import type { Resource } from './resource.ts';

/** Every resource, in the order that clients see. */
export const resources: readonly Resource[] = [contextResource, pageResource, jobResource];
