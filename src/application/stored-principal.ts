import { z } from 'zod';
import { type Principal, scopes } from '../domain/model/principal.ts';

/** In whose name something goes on later: with a job, an upload ticket. Holds no credential. */
export const storedPrincipal = z.object({
  subject: z.string(),
  clientId: z.string(),
  scopes: z.array(z.enum(scopes)),
  grantId: z.string().exactOptional(),
  exposure: z.object({ readOnly: z.boolean(), toolsets: z.array(z.string()) }).exactOptional(),
});

/** The principal as plain JSON. */
export function storePrincipal(principal: Principal): z.infer<typeof storedPrincipal> {
  const { subject, clientId, scopes: granted, grantId, exposure } = principal;
  return {
    subject,
    clientId,
    scopes: [...granted],
    ...(grantId === undefined ? {} : { grantId }),
    ...(exposure === undefined ? {} : { exposure: { readOnly: exposure.readOnly, toolsets: [...exposure.toolsets] } }),
  };
}
