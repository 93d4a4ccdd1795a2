import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import type { Principal } from '../../../domain/model/principal.ts';
import type { Announcer } from './announcer.ts';
import type { Era } from './mcp-deps.ts';

/** More than a person or an agent watches at once. */
const subscriptionsMax = 200;
const uriCharactersMax = 2_000;

/**
 * Tells one long-lived client of changed resources, until the answered function is called. Old clients subscribe by
 * `resources/subscribe`; for new ones on stdio the SDK filters by their `subscriptions/listen`.
 */
export function followChanges(server: Server, era: Era, announcer: Announcer, principal: Principal): () => void {
  const wanted = new Set<string>();
  if (era === 'legacy') {
    // Any URI may be subscribed to: a resource may come to be later, and nothing is told that the user may not know.
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      if (params.uri.length > uriCharactersMax || wanted.size >= subscriptionsMax) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `At most ${subscriptionsMax} subscriptions, with URIs of at most ${uriCharactersMax} characters.`,
        );
      }
      wanted.add(params.uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      wanted.delete(params.uri);
      return {};
    });
  }
  // A client that is gone misses the news; its connection is cleaned up by whoever owns it.
  const tell = (uri: string): void => void server.sendResourceUpdated({ uri }).catch(() => undefined);
  return announcer.listen(principal, {
    onChanged: (uri) => {
      if (era !== 'legacy' || wanted.has(uri)) tell(uri);
    },
    onMissed: () => {
      for (const uri of wanted) tell(uri);
      // The SDK does not say what a new client listens to; that it should look again it can be told.
      if (era !== 'legacy') server.sendResourceListChanged().catch(() => undefined);
    },
  });
}
