import type { Principal } from '../domain/model/principal.ts';

/** In whose name the server does what nobody asked for. It may do nothing in the CMS. */
export const serverPrincipal: Principal = { subject: 'server', clientId: 'server', scopes: [] };
