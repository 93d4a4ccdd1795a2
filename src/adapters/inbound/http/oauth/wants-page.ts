import type { Request } from 'express';

/** Whether a browser asks for a person: programs do not ask for HTML before JSON. */
export function wantsPage(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html';
}
