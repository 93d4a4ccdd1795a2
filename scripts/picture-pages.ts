// Draws the pictures of the consent page in docs/images from the page itself: node scripts/picture-pages.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser, type TestBrowser } from '../test/support/browser.ts';
import { pageSamples } from '../test/support/page-samples.ts';
import { servePages } from '../test/support/page-server.ts';
import { projectRoot } from '../test/support/source-tree.ts';
import { type Pixels, smallPng } from './small-png.ts';

/** What a reader of the documentation is to see: where all is well on a desktop, and what to stop at on a phone. */
const pictures = [
  { name: 'consent', width: 600, colorScheme: 'light' },
  { name: 'consent-unknown', width: 390, colorScheme: 'dark' },
] as const;

const server = await servePages((name) => (name === 'consent' ? pageSamples.consent : pageSamples['consent-unknown']));
const browser = await startBrowser();
try {
  for (const { name, width, colorScheme } of pictures) {
    const { page, close } = await browser.open({ viewport: { width, height: 600 }, colorScheme });
    await page.goto(`${server.url}/oauth/${name}`);
    const picture = smallPng(await readPixels(browser, await page.screenshot({ fullPage: true })));
    writeFileSync(join(projectRoot, 'docs', 'images', `${name}.png`), picture);
    console.log(`docs/images/${name}.png: ${Math.ceil(picture.length / 1024)} KB`);
    await close();
  }
} finally {
  await browser.close();
  await server.close();
}

/** The browser reads its own picture: it knows the format already. */
async function readPixels(reader: TestBrowser, png: Buffer): Promise<Pixels> {
  const { page, close } = await reader.open();
  const { width, height, base64 } = await page.evaluate<{
    width: number;
    height: number;
    base64: string;
  }>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    return { width: image.width, height: image.height, base64: new Uint8Array(data.buffer).toBase64() };
  })()`);
  await close();
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}
