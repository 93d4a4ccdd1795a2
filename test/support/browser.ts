import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { projectRoot } from './source-tree.ts';

/** A real Chromium of this machine, driven from outside. */
export interface TestBrowser {
  /** A new window with cookies of its own, which reports what it should not have to. */
  open(options?: BrowserContextOptions): Promise<TestWindow>;
  close(): Promise<void>;
}

export interface TestWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser refused because of a page's policy, and errors of pages. */
  readonly complaints: readonly string[];
  /** Another tab of the same window: the same cookies. */
  tab(): Promise<Page>;
  close(): Promise<void>;
}

/** The same names as in scripts/ensure-chromium.mjs. */
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** No sandbox of its own, because tests run as root in containers; nothing that asks the network on its own account. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** What a slow machine may take for one step. */
const stepMsMax = 60_000;

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: findProgram(), args: flags, timeout: stepMsMax });
  return {
    open: (options) => openWindow(browser, options),
    close: () => browser.close(),
  };
}

async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<TestWindow> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(stepMsMax);
  const complaints: string[] = [];
  const tab = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // A page that is an error by intent is logged as well: its status is what the test asks for.
      const isStatus = message.text().startsWith('Failed to load resource: the server responded with a status of');
      if (message.type() === 'error' && !isStatus) complaints.push(message.text());
    });
    return page;
  };
  return { context, page: await tab(), complaints, tab, close: () => context.close() };
}

function findProgram(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = programs.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found === undefined) throw new Error(`None of ${programs.join(', ')} is on the PATH.`);
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Windows as people have them. */
export const windows = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 320, height: 256 } },
  desktop: { viewport: { width: 1280, height: 900 } },
} as const;

/** Where people look at what the tests saw; not part of the sources. */
export function screenshotPath(name: string): string {
  return join(projectRoot, 'test-output', 'screenshots', `${name}.png`);
}

/**
 * What axe-core finds wrong on the page, best practices included. It is brought in over the debugging protocol: the
 * page's own policy lets no script in, and stays in force for the page.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  };
  await evaluate(axe.source);
  const found = await evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
  );
  await session.detach();
  // The expression above answers a list of texts.
  return found as string[];
}
