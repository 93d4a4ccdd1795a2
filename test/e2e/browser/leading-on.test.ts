import express, { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageAssets } from '../../../src/adapters/inbound/http/oauth/pages/assets.ts';
import { sendPage } from '../../../src/adapters/inbound/http/oauth/pages/send-page.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { pageSamples } from '../../support/page-samples.ts';
import { type PageServer, serveAtFreePort } from '../../support/page-server.ts';
import { poll } from '../../support/poll.ts';

/**
 * What real browsers do with a form whose answer leads to another origin, and why a page leads on instead of a redirect.
 * The client is a web server on a port of its own, as programs on this computer are; it sends the person on to yet
 * another origin, as many do with their "you can close this window".
 */
describe('the way from the consent to the client', () => {
  let browser: TestBrowser;
  let server: PageServer;
  let client: PageServer;
  let elsewhere: PageServer;

  beforeAll(async () => {
    browser = await startBrowser();
    elsewhere = await serveAtFreePort(express().get('/done', (_request, response) => void response.send('all done')));
    client = await serveAtFreePort(
      express()
        .get('/callback', (_request, response) => response.redirect(`${elsewhere.url}/done`))
        .get('/opener', (_request, response) => {
          response.send(
            '<script>addEventListener("message", ({ data }) => { document.title = data; })</script>waiting',
          );
        })
        .get('/popup-callback', (_request, response) => {
          response.send('<script>opener.postMessage("code arrived", "*"); close()</script>');
        }),
    );
    server = await serveAtFreePort(consentServer());
  });

  afterAll(async () => {
    await browser?.close();
    for (const one of [server, client, elsewhere]) await one?.close();
  });

  /** `/redirect` answers the form by a redirect, everything else by the page that leads on. */
  function consentServer(): Express {
    const target = (name: string): string => {
      const targets: Readonly<Record<string, string>> = {
        app: 'harbor-editor://oauth/callback?code=1',
        popup: `${client.url}/popup-callback`,
      };
      return targets[name] ?? `${client.url}/callback`;
    };
    return express()
      .use(pageAssets())
      .get('/oauth/:name', (request, response) => {
        const form = { ...pageSamples.consent.form, action: `/oauth/${request.params.name}` };
        sendPage(response, { ...pageSamples.consent, form });
      })
      .post('/oauth/redirect', (_request, response) => response.redirect(303, '/oauth/resume/redirect'))
      .post('/oauth/:name', (request, response) => {
        const to = `/oauth/resume/${request.params.name}`;
        sendPage(response, { page: 'continue', to, towards: 'client', client: pageSamples.consent.client });
      })
      .get('/oauth/resume/:name', (request, response) => response.redirect(303, target(request.params.name)));
  }

  it('would be blocked if the form were answered by a redirect', async () => {
    const { page, complaints, close } = await browser.open();
    await page.goto(`${server.url}/oauth/redirect`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await poll('the refusal', () => complaints.some((text) => text.includes('form-action')));
    expect(page.url()).toBe(`${server.url}/oauth/redirect`);
    await close();
  });

  it('leads to a program on this computer, and further to wherever that one leads', async () => {
    const { page, complaints, close } = await browser.open();
    await page.goto(`${server.url}/oauth/page`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${elsewhere.url}/done`);
    // Back leads to the consent page, not to a page that asks whether a form may be sent again.
    await page.goBack();
    expect(page.url()).toBe(`${server.url}/oauth/page`);
    await close();
    expect(complaints).toEqual([]);
  });

  it('leads to an app, and leaves a page that tells so with a link that can be pressed', async () => {
    const { page, complaints, close } = await browser.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${server.url}/oauth/app`);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'You can go back' }).waitFor();
    await poll('the app', () => asked.some((url) => url.endsWith('/oauth/resume/app')));
    await page.getByRole('link', { name: 'Continue' }).click();
    expect(await page.getByRole('heading').textContent()).toBe('You can go back');
    await close();
    expect(complaints).toEqual([]);
  });

  it('leads back to a web page that opened a popup and waits for it', async () => {
    const { page, complaints, close } = await browser.open();
    await page.goto(`${client.url}/opener`);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(`void open(${JSON.stringify(`${server.url}/oauth/popup`)}, 'consent', 'width=500,height=700')`),
    ]);
    await popup.getByRole('button', { name: 'Allow' }).click();
    await page.waitForFunction(`document.title === 'code arrived'`);
    await close();
    expect(complaints).toEqual([]);
  });

  it('takes no press of a pointer in the first moment, against pages that slip it under a double click', async () => {
    const { context, page, close } = await browser.open();
    const session = await context.newCDPSession(page);
    await session.send('Animation.enable');
    // The moment stands still until the test lets it pass.
    await session.send('Animation.setPlaybackRate', { playbackRate: 0 });
    await page.goto(`${server.url}/oauth/page`);
    const pointerEvents = () =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('button[value=allow]')).pointerEvents`);
    expect(await pointerEvents()).toBe('none');
    const box = await page.getByRole('button', { name: 'Allow' }).boundingBox();
    await page.mouse.dblclick((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
    expect(page.url()).toBe(`${server.url}/oauth/page`);
    await session.send('Animation.setPlaybackRate', { playbackRate: 1 });
    await poll('the button', async () => (await pointerEvents()) === 'auto');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${elsewhere.url}/done`);
    await close();
  });

  it('22: is not shown in a frame', async () => {
    const { page, complaints, close } = await browser.open();
    await page.setContent(`<iframe src="${server.url}/oauth/page"></iframe>`);
    await poll('the refusal', () => complaints.some((text) => /frame-ancestors|X-Frame-Options/.test(text)));
    expect(await page.frameLocator('iframe').getByRole('button').count()).toBe(0);
    await close();
  });
});
