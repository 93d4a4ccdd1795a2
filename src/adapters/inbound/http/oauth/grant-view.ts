import type { Grant } from '../../../../domain/model/grant.ts';
import type { ClientView, GrantView } from './pages/views.ts';

/** A grant as its person sees it. A client whose id is the address of its own description is known by the host of it. */
export function viewGrant(grant: Grant): GrantView {
  const client: ClientView = {
    id: grant.clientId,
    name: grant.clientName,
    registration: grant.clientId.startsWith('https://') ? 'metadata-document' : 'dynamic',
    ...(grant.redirectUri === '' ? {} : { redirectUri: grant.redirectUri }),
  };
  return {
    id: grant.id,
    client,
    scopes: grant.scopes,
    toolsets: grant.toolsets,
    isReadOnly: grant.readOnly,
    createdAtMs: grant.createdAtMs,
    lastUsedAtMs: grant.lastUsedAtMs,
  };
}
