import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Router } from 'express';
import { icon } from './layout.ts';
import { stylesheet } from './stylesheet.ts';

const maxAgeSeconds = 365 * 24 * 3600;

/** The files that pages load. Their names hold a digest of their content, so browsers may keep them for good. */
const files = {
  stylesheet: file('pages', 'css', 'text/css; charset=utf-8', stylesheet),
  icon: file('icon', 'svg', 'image/svg+xml', icon),
};

export const assetPaths = { stylesheet: files.stylesheet.path, icon: files.icon.path };

/** Serves them. */
export function pageAssets(): RequestHandler {
  const router = Router();
  for (const { path, type, content } of Object.values(files)) {
    router.get(path, (_request, response) => {
      response
        .setHeader('Cache-Control', `public, max-age=${maxAgeSeconds}, immutable`)
        .setHeader('Cross-Origin-Resource-Policy', 'same-origin')
        .type(type)
        .send(content);
    });
  }
  return router;
}

function file(name: string, extension: string, type: string, content: string) {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { path: `/oauth/assets/${name}-${digest}.${extension}`, type, content };
}
