import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { View } from '../../../src/adapters/inbound/http/oauth/pages/views.ts';
import {
  accessibilityProblems,
  screenshotPath,
  startBrowser,
  type TestBrowser,
  windows,
} from '../../support/browser.ts';
import { hostileNames } from '../../support/hostile-names.ts';
import { pageSamples } from '../../support/page-samples.ts';
import { type PageServer, servePages } from '../../support/page-server.ts';

const names = Object.keys(pageSamples);
const samples: Readonly<Record<string, View>> = pageSamples;

let browser: TestBrowser;
let server: PageServer;

beforeAll(async () => {
  browser = await startBrowser();
  server = await servePages((name) => samples[name] ?? hostileConsent(Number(name)));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Everything of a page that lies outside of the window's width. */
const overflowing = `[...document.querySelectorAll('body *')]
  .filter((element) => !element.closest('.unseen, head'))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`;

/** What can be pressed and is smaller than 44 px, links within sentences excepted. */
const tooSmall = `[...document.querySelectorAll('button, .button, input:not([type=hidden]), select, summary')]
  .map((element) => element.closest('label') ?? element)
  .filter((element) => element.checkVisibility())
  .filter((element) => element.getBoundingClientRect().height < 44)
  .map((element) => element.outerHTML.slice(0, 120))`;

describe.each(['light', 'dark'] as const)('every page, %s', (colorScheme) => {
  it.each(['phone', 'desktop'] as const)('fits a %s window, can be pressed, and axe finds nothing', async (size) => {
    const { page, complaints, close } = await browser.open({ ...windows[size], colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const name of names) {
      await page.goto(`${server.url}/oauth/${name}`);
      for (const problem of [
        ...(await page.evaluate<string[]>(overflowing)).map((element) => `too wide: ${element}`),
        ...(await page.evaluate<string[]>(tooSmall)).map((element) => `too small: ${element}`),
        ...(await accessibilityProblems(page)),
      ]) {
        found.push(`${name}: ${problem}`);
      }
      await page.screenshot({ path: screenshotPath(`${name}-${size}-${colorScheme}`), fullPage: true });
    }
    await close();
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('every page', () => {
  it('keeps its form where the system forces its colours', async () => {
    const { page, complaints, close } = await browser.open({ ...windows.desktop, forcedColors: 'active' });
    for (const name of ['consent', 'consent-suspicious', 'sign-in-wrong']) {
      await page.goto(`${server.url}/oauth/${name}`);
      await page.screenshot({ path: screenshotPath(`${name}-desktop-forced`), fullPage: true });
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    await close();
    expect(complaints).toEqual([]);
  });

  it('fits 320 pixels, which is a window of 1,280 at four times the size', async () => {
    const { page, close } = await browser.open(windows.narrow);
    for (const name of names) {
      await page.goto(`${server.url}/oauth/${name}`);
      expect(await page.evaluate<string[]>(overflowing), name).toEqual([]);
    }
    await close();
  });
});

describe('200 hostile client names on the consent page', () => {
  it('run nothing, load nothing, press nothing out of place', async () => {
    const { page, complaints, close } = await browser.open(windows.phone);
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) foreign.push(request.url());
    });
    const wrong: string[] = [];
    for (const [index, name] of hostileNames.entries()) {
      await page.goto(`${server.url}/oauth/${index}`);
      const seen = await page.evaluate<Seen>(look);
      const isAsItShouldBe =
        seen.hit === false &&
        seen.scripts === 0 &&
        seen.decisions.join() === 'deny,allow' &&
        seen.overflowing.length === 0 &&
        seen.headingLines <= 7 &&
        seen.headingCovers === false &&
        seen.url === `${server.url}/oauth/${index}`;
      if (!isAsItShouldBe) wrong.push(`${JSON.stringify(name.slice(0, 60))}: ${JSON.stringify(seen)}`);
    }
    await close();
    expect(wrong).toEqual([]);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

interface Seen {
  readonly hit: boolean;
  readonly scripts: number;
  readonly decisions: readonly string[];
  readonly overflowing: readonly string[];
  readonly headingLines: number;
  readonly headingCovers: boolean;
  readonly url: string;
}

const look = `(() => {
  const heading = document.querySelector('h1');
  const box = heading.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(heading);
  const ink = range.getBoundingClientRect();
  return {
    hit: '__hit' in window,
    scripts: document.scripts.length + document.querySelectorAll('main img, main svg, iframe, object, embed, style').length,
    decisions: [...document.querySelectorAll('button')].map((button) => button.value),
    overflowing: ${overflowing},
    headingLines: Math.round(box.height / Number.parseFloat(getComputedStyle(heading).lineHeight)),
    headingCovers: ink.bottom > heading.nextElementSibling.getBoundingClientRect().top + 8,
    url: location.href,
  };
})()`;

function hostileConsent(index: number): View | undefined {
  const name = hostileNames[index];
  if (name === undefined) return undefined;
  return { ...pageSamples.consent, client: { ...pageSamples.consent.client, name } };
}
