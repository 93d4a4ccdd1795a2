import { z } from 'zod';
import type { Principal } from '../../domain/model/principal.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { storedPrincipal, storePrincipal } from '../stored-principal.ts';
import { type UploadOrder, uploadOrder } from './store-upload.ts';

const ticket = z.object({
  principal: storedPrincipal,
  order: uploadOrder,
});

/** Who may bring which file once. */
export interface UploadTicket {
  readonly principal: Principal;
  readonly order: UploadOrder;
}

/** Time to find the file and send it. */
export const ticketSeconds = 15 * 60;

type Needs = Pick<Ports, 'records' | 'ids' | 'digest'>;

/** A new ticket, as the secret that stands in the upload address; only its hash is kept. */
export async function issueTicket(order: UploadOrder, principal: Principal, ports: Needs): Promise<string> {
  const secret = ports.ids.secret('up');
  const value = { principal: storePrincipal(principal), order: { ...order } };
  await ports.records.create(keyOf(secret, ports), z.json().parse(JSON.parse(JSON.stringify(value))), ticketSeconds);
  return secret;
}

/** Takes a ticket: the second one who brings it, or brings it late, gets `undefined`. */
export async function redeemTicket(
  secret: string,
  ports: Pick<Ports, 'records' | 'digest'>,
): Promise<UploadTicket | undefined> {
  const found = ticket.safeParse(await ports.records.take(keyOf(secret, ports)));
  return found.success ? found.data : undefined;
}

const keyOf = (secret: string, { digest }: Pick<Ports, 'digest'>): string => `upload:${digest.sha256(secret)}`;
