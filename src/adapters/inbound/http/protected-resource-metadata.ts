import type { RequestHandler } from 'express';
import { scopes } from '../../../domain/model/principal.ts';

/** Both places where RFC 9728 section 3 lets clients look for the metadata of `/mcp`. */
export const metadataPaths = [
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-protected-resource',
] as const;

const maxAgeSeconds = 3_600;

/**
 * The metadata of the MCP endpoint as a protected resource (RFC 9728 section 2). `publicUrl` is this server's own URL as
 * clients see it, and that of its authorization server.
 */
export function protectedResourceMetadata(publicUrl: string): RequestHandler {
  const metadata = {
    resource: resourceUrl(publicUrl),
    authorization_servers: [publicUrl],
    resource_name: 'Ingeniux CMS MCP server',
    bearer_methods_supported: ['header'],
    scopes_supported: scopes,
  };
  return (_request, response) => {
    response.setHeader('Cache-Control', `public, max-age=${maxAgeSeconds}`);
    response.json(metadata);
  };
}

/** The one canonical name of the protected resource: without a slash at its end. */
export function resourceUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/mcp`;
}

/** Where clients that were refused are sent. */
export function metadataUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${metadataPaths[0]}`;
}
