import type { Route } from './route.ts';
import { productVersion } from './routes/dashboard.ts';

/** A Swagger 2.0 document of the route table: paths, operation ids and query parameters, without models. */
export function swaggerDocument(routes: Route[], mount: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = paths[`/api/v1${route.path}`] ?? {};
    path[route.method.toLowerCase()] = {
      tags: [route.operationId.split('_')[0]],
      operationId: route.operationId,
      parameters: [...pathParameters(route), ...queryParameters(route)],
      responses: { 200: { description: '' } },
    };
    paths[`/api/v1${route.path}`] = path;
  }
  return {
    swagger: '2.0',
    info: { title: 'Ingeniux CMS REST WebAPI (sandbox)', version: productVersion },
    basePath: mount === '' ? '/' : mount,
    securityDefinitions: { JWT: { type: 'oauth2', flow: 'password', tokenUrl: '../oauth/token' } },
    paths,
  };
}

function pathParameters(route: Route) {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    type: 'string',
  }));
}

function queryParameters(route: Route) {
  return Object.entries(route.query ?? {}).map(([name, spec]) => {
    const [type = '', fallback] = spec.split('=');
    return {
      name,
      in: 'query',
      required: type.endsWith('!'),
      ...(SWAGGER_TYPES[type.replace('!', '')] ?? {}),
      ...(fallback === undefined ? {} : { default: fallback }),
    };
  });
}

const SWAGGER_TYPES: Record<string, object> = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int32' },
  bool: { type: 'boolean' },
  list: { type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
};
