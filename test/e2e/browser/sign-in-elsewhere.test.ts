import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { freePort } from '../../support/free-port.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { type PageServer, serveAtFreePort } from '../../support/page-server.ts';

/** A person who signs in at the CMS's own page, in a real Chromium: two servers, and redirects between three origins. */
describe('a person in a browser who signs in at the CMS', () => {
  let deployment: Deployment;
  let browser: TestBrowser;
  let program: PageServer;

  beforeAll(async () => {
    const port = String(await freePort());
    deployment = await openDeployment('embedded', {
      CMS_SIGN_IN: 'cms-oauth',
      PORT: port,
      OAUTH_REDIRECT_URI: `http://127.0.0.1:${port}/callback`,
    });
    browser = await startBrowser();
    program = await serveAtFreePort(express().get('/callback', (_request, response) => void response.send('Done.')));
  });

  afterAll(async () => {
    await browser?.close();
    await program?.close();
    await deployment?.close();
  });

  it('agrees to go there, comes back, decides, and the program gets its token', async () => {
    const { page, complaints, close } = await browser.open();
    const client = await openOAuthClient(deployment.url, { redirect_uris: [`${program.url}/callback`] });
    const asked = await client.request();
    await page.goto(asked.url.href);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in at the CMS');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${deployment.sandbox.origin}/**`);
    const returned = page.waitForRequest((request) => request.url().includes('/callback?code='));
    await page.locator('input[name=username]').fill('dreyes');
    await page.locator('input[name=password]').fill('sandbox-publisher-pass');
    await page.locator('input[name=password]').press('Enter');
    const back = (await returned).url();
    await page.getByText('Daniel Reyes').waitFor();

    // 26, 27, 29: the same return in another browser, and once more in this one.
    const victim = await browser.open();
    const foreign = await victim.page.goto(back);
    expect(foreign?.status()).toBe(403);
    await victim.close();
    const again = await (await page.context().newPage()).goto(back);
    expect(again?.status()).toBe(403);

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${program.url}/callback**`);
    const tokens = await client.redeem(new URL(page.url()), asked);
    expect(tokens.access_token).toMatch(/^igxa_/);
    await close();
    expect(complaints).toEqual([]);
  });
});
