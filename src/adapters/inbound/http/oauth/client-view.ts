import type { Client } from 'oidc-provider';
import type { ClientView } from './pages/views.ts';

/** A client as pages show it. */
export function viewClient(client: Client, redirectUri?: string): ClientView {
  const { clientId, clientName } = client;
  return {
    id: clientId,
    ...(clientName === undefined ? {} : { name: clientName }),
    registration: clientId.startsWith('https://') ? 'metadata-document' : 'dynamic',
    ...(redirectUri === undefined ? {} : { redirectUri }),
  };
}

/** The host that stands for a client: of its document where it has one, else of the address that it is called back at. */
export function hostOf(client: Client, redirectUri: string): string {
  const url = URL.parse(client.clientId.startsWith('https://') ? client.clientId : redirectUri);
  return url?.host ?? '';
}

/** What tells that a client still has the addresses that a person agreed to. */
export function redirectUrisOf(client: Client): string {
  return JSON.stringify([...(client.redirectUris ?? [])].sort());
}
