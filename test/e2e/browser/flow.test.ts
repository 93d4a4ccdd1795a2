import { join } from 'node:path';
import express from 'express';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/outbound/sqlite/database.ts';
import {
  accessibilityProblems,
  screenshotPath,
  startBrowser,
  type TestBrowser,
  type TestWindow,
  windows,
} from '../../support/browser.ts';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { hostileNames } from '../../support/hostile-names.ts';
import { type AuthorizationRequest, type OAuthClient, openOAuthClient } from '../../support/oauth-client.ts';
import { type PageServer, serveAtFreePort } from '../../support/page-server.ts';

/** People of the sandbox. */
const praman = { name: 'praman', password: 'sandbox-editor-pass' };
const dreyes = { name: 'dreyes', password: 'sandbox-publisher-pass' };

/** The whole way of a person in a real Chromium, against the real server and a program on a port of this computer. */
describe('a person in a browser', () => {
  let deployment: Deployment;
  let browser: TestBrowser;
  let program: PageServer;
  let client: OAuthClient;

  beforeAll(async () => {
    deployment = await openDeployment('embedded', { CMS_SIGN_IN: 'cms-login', ANONYMOUS_RATE_LIMIT_RPM: '100000' });
    browser = await startBrowser();
    program = await serveAtFreePort(
      express().get('/callback', (_request, response) => void response.send('You can close this window.')),
    );
    client = await openClient('Harbor Editor');
  });

  afterAll(async () => {
    await browser?.close();
    await program?.close();
    await deployment?.close();
  });

  const openClient = (name: string): Promise<OAuthClient> =>
    openOAuthClient(deployment.url, { client_name: name, redirect_uris: [`${program.url}/callback`] });

  const start = async (page: Page, from = client): Promise<AuthorizationRequest> => {
    const asked = await from.request();
    await page.goto(asked.url.href);
    return asked;
  };

  const signIn = async (page: Page, person = praman): Promise<void> => {
    await page.getByLabel('User name').fill(person.name);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  const press = (page: Page, name: 'Allow' | 'Deny'): Promise<void> => page.getByRole('button', { name }).click();

  const back = async (page: Page): Promise<URL> => {
    await page.waitForURL(`${program.url}/callback**`);
    return new URL(page.url());
  };

  const heading = async (page: Page): Promise<string> =>
    (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';

  /** Who the consent page says is signed in. */
  const person = async (page: Page): Promise<string> =>
    (await page.locator('.facts div', { hasText: 'Signed in as' }).locator('dd').textContent()) ?? '';

  /** Ends the window; what its pages complained about fails the test. */
  const end = async ({ complaints, close }: TestWindow): Promise<void> => {
    await close();
    expect(complaints).toEqual([]);
  };

  const statusWith = async (token: string): Promise<number> => {
    const body = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const answer = await fetch(deployment.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  };

  it('signs in after a wrong password, agrees, and the program gets its token, all without a script', async () => {
    const window = await browser.open({ ...windows.phone, javaScriptEnabled: false });
    const { page } = window;
    const asked = await start(page);
    await signIn(page, { ...praman, password: 'wrong' });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('did not accept that');
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.getByLabel('User name').inputValue()).toBe('praman');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    expect(await page.locator('[aria-invalid=true]').count()).toBe(1);
    await page.screenshot({ path: screenshotPath('flow-wrong-password'), fullPage: true });
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    expect(await heading(page)).toBe('Allow Harbor Editor to work in your CMS?');
    expect(await page.locator('main').textContent()).toContain(new URL(program.url).host);
    await page.screenshot({ path: screenshotPath('flow-consent'), fullPage: true });
    await press(page, 'Allow');
    const tokens = await client.redeem(await back(page), asked);
    expect(await statusWith(tokens.access_token)).not.toBe(401);
    await end(window);
  });

  it('denies, and the program is told so', async () => {
    const window = await browser.open();
    const { page } = window;
    const { state } = await start(page);
    await signIn(page);
    await press(page, 'Deny');
    const { searchParams } = await back(page);
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', state, iss: deployment.url });
    await end(window);
  });

  it('needs nothing but the keyboard, and Enter by habit allows nothing', async () => {
    const window = await browser.open();
    const { page } = window;
    await start(page);
    await page.keyboard.press('Tab');
    await page.keyboard.type(praman.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(praman.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    const names: string[] = [];
    const focused = `document.activeElement.closest('label, summary, button, a')?.textContent ?? ''`;
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Tab');
      names.push(await page.evaluate<string>(focused));
    }
    expect(names.map((name) => /^(Read only|Choose its tools|Deny|Allow)/.exec(name)?.[0])).toEqual([
      'Read only',
      'Choose its tools',
      'Deny',
      'Allow',
    ]);
    const outline = `getComputedStyle(document.activeElement).outlineStyle`;
    expect(await page.evaluate(outline)).toBe('solid');
    await page.getByLabel('Read only').focus();
    await page.keyboard.press('Enter');
    expect((await back(page)).searchParams.get('error')).toBe('access_denied');
    await end(window);
  });

  it('has two programs ask at once in two tabs, signs in as two people, and each gets its own answer, whatever the order', async () => {
    const window = await browser.open();
    const [one, two] = [window.page, await window.tab()];
    const other = await openClient('Other program');
    const first = await start(one);
    const second = await start(two, other);
    await signIn(one, praman);
    await signIn(two, dreyes);
    expect(await heading(one)).toContain('Harbor Editor');
    expect(await heading(two)).toContain('Other program');
    const [oneIs, twoIs] = [await person(one), await person(two)];
    expect(oneIs).not.toBe(twoIs);
    await press(two, 'Allow');
    const secondAnswer = await back(two);
    await press(one, 'Allow');
    const firstAnswer = await back(one);
    expect(firstAnswer.searchParams.get('state')).toBe(first.state);
    expect(secondAnswer.searchParams.get('state')).toBe(second.state);
    await client.redeem(firstAnswer, first);
    await other.redeem(secondAnswer, second);
    await end(window);
  });

  it('goes back after a decision and finds that it cannot be taken twice', async () => {
    const window = await browser.open();
    const { page } = window;
    await start(page);
    await signIn(page);
    await press(page, 'Allow');
    await back(page);
    await page.goBack();
    // Either the page was kept by the browser, and its form is refused; or it is asked for again, and is over.
    const allow = page.getByRole('button', { name: 'Allow' });
    if ((await allow.count()) > 0) await allow.click();
    await page.getByText('Request id').waitFor();
    expect(['This page is over', 'This did not come from our page']).toContain(await heading(page));
    await end(window);
  });

  it('28: comes back too late, and is told so', async () => {
    const window = await browser.open();
    const { page } = window;
    await start(page);
    // What the time does after ten minutes.
    const database = openDatabase(join(deployment.settings['DATA_DIR'] ?? '', 'server.db'));
    expect(database.run(`UPDATE oauth_records SET expires_at_ms = 1 WHERE kind = 'Interaction'`)).toBeGreaterThan(0);
    database.close();
    await signIn(page);
    await page.getByText('Request id').waitFor();
    expect(await heading(page)).toBe('This page is over');
    expect(await accessibilityProblems(page)).toEqual([]);
    await end(window);
  });

  it('23: opens a page of somebody else that sends the consent form, and nothing is allowed', async () => {
    const window = await browser.open();
    const { page } = window;
    await start(page);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    const action = new URL((await page.locator('form').getAttribute('action')) ?? '', deployment.url).href;
    const attacker = await serveAtFreePort((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<form method="post" action="${action}"><input name="decision" value="allow"><input name="toolset" value="default"><button>win</button></form>`,
      );
    });
    const trap = await window.tab();
    await trap.goto(attacker.url);
    const [answer] = await Promise.all([
      trap.waitForResponse((response) => response.url() === action),
      trap.getByRole('button').click(),
    ]);
    expect(answer.status()).toBe(403);
    await attacker.close();
    // The person's own page is as good as before.
    await press(page, 'Deny');
    await back(page);
    await window.close();
  });

  it('26: opens in another browser what somebody else began, and gets nothing', async () => {
    const [attacker, victim] = [await browser.open(), await browser.open()];
    await start(attacker.page);
    const action = (await attacker.page.locator('form').getAttribute('action')) ?? '';
    await victim.page.goto(new URL(action.replace(/\/sign-in$/, ''), deployment.url).href);
    expect(await heading(victim.page)).toBe('This page is over');
    await end(attacker);
    await end(victim);
  });

  it('limits what is granted, sees it among the grants, and revokes it', async () => {
    const window = await browser.open({ ...windows.desktop, colorScheme: 'dark' });
    const { page } = window;
    const asked = await start(page, await openClient('Harbor Reports'));
    await signIn(page, dreyes);
    await page.getByLabel('Read only').check();
    await page.locator('summary').click();
    await page.getByLabel('Everyday tools').uncheck();
    await press(page, 'Allow');
    await page.getByText('Choose at least one group').waitFor();
    await page.getByLabel('Reports').check();
    await press(page, 'Allow');
    const tokens = await client.redeem(await back(page), asked).catch((error: unknown) => error);
    // A code belongs to the program that asked: another one cannot redeem it.
    expect(tokens).toBeInstanceOf(Error);

    await page.goto(`${deployment.url}/oauth/grants`);
    await signIn(page, dreyes);
    await page.getByRole('heading', { name: 'Harbor Reports' }).waitFor();
    const entry = page.locator('.grant', { hasText: 'Harbor Reports' });
    expect(await entry.textContent()).toMatch(/Tools\s*Reports \(read only\)/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.screenshot({ path: screenshotPath('flow-grants'), fullPage: true });
    await entry.getByRole('link', { name: 'Revoke' }).click();
    expect(await heading(page)).toBe('Revoke the access of Harbor Reports?');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('heading', { name: 'Harbor Reports' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading(page)).toBe('You are signed out');
    await end(window);
  });

  it('revokes a program while it works, and its very next request is refused', async () => {
    const window = await browser.open();
    const { page } = window;
    const worker = await openClient('Harbor Worker');
    const asked = await start(page, worker);
    await signIn(page);
    await press(page, 'Allow');
    const tokens = await worker.redeem(await back(page), asked);
    expect(await statusWith(tokens.access_token)).not.toBe(401);
    await page.goto(`${deployment.url}/oauth/grants`);
    await signIn(page);
    await page.locator('.grant', { hasText: 'Harbor Worker' }).getByRole('link', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('status').waitFor();
    expect(await statusWith(tokens.access_token)).toBe(401);
    await expect(worker.refresh(tokens.refresh_token ?? '')).rejects.toThrow();
    await end(window);
  });

  it('19: meets programs with hostile names as text, through registration and all', async () => {
    const window = await browser.open(windows.phone);
    const { page } = window;
    for (const name of [0, 8, 70, 110].map((index) => hostileNames[index] ?? '')) {
      const hostile = await openClient(name);
      await start(page, hostile);
      await signIn(page);
      await page.getByRole('button', { name: 'Allow' }).waitFor();
      expect(await page.evaluate(`'__hit' in window`)).toBe(false);
      expect(await page.locator('main script, main img, main iframe').count()).toBe(0);
      await press(page, 'Deny');
      await back(page);
    }
    await end(window);
  });

  it('1, 2: meets an unknown program or address with a page of ours, never a redirect', async () => {
    const window = await browser.open();
    const { page } = window;
    const { url } = await client.request();
    for (const [name, value] of [
      ['client_id', 'nobody'],
      ['redirect_uri', 'https://evil.example/cb'],
    ] as const) {
      const wrong = new URL(url);
      wrong.searchParams.set(name, value);
      const answer = await page.goto(wrong.href);
      expect(answer?.status()).toBe(400);
      expect(await page.getByText('Request id').count()).toBe(1);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    await end(window);
  });
});
