import { callbackPath } from '../../adapters/inbound/http/oauth/callback-door.ts';
import { interactionPath, routes } from '../../adapters/inbound/http/oauth/configuration.ts';
import { grantsPath } from '../../adapters/inbound/http/oauth/grants-door.ts';

/**
 * The route of a path, for metrics and traces: a few fixed texts, whatever is asked for, and never an id, a ticket or a
 * key out of the path. Pure.
 */
export function routeOf(path: string): string {
  if (fixed.has(path)) return path;
  return families.find(({ prefix }) => path.startsWith(prefix))?.route ?? 'other';
}

const fixed: ReadonlySet<string> = new Set([
  '/mcp',
  '/health',
  '/health/live',
  '/health/ready',
  callbackPath,
  grantsPath,
  ...Object.values(routes),
]);

const families: readonly { readonly prefix: string; readonly route: string }[] = [
  { prefix: '/mcp/.well-known/', route: '/.well-known/*' },
  { prefix: '/mcp/', route: '/mcp/*' },
  { prefix: '/.well-known/', route: '/.well-known/*' },
  { prefix: '/uploads/', route: '/uploads/:ticket' },
  { prefix: `${interactionPath}/`, route: `${interactionPath}/:id` },
  { prefix: '/oauth/assets/', route: '/oauth/assets/*' },
  { prefix: `${grantsPath}/`, route: `${grantsPath}/*` },
  { prefix: `${routes.authorization}/`, route: `${routes.authorization}/:id` },
];
