import { createHmac, timingSafeEqual } from 'node:crypto';

/** The token of the forms about `subject` in the browser that holds the secret. It needs no store of its own. */
export function csrfTokenOf(secret: string, subject: string): string {
  return createHmac('sha256', secret).update(`csrf:${subject}`).digest('base64url');
}

/** Compares in a time that tells nothing about where two texts differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
