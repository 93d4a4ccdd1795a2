import { describe, expect, it } from 'vitest';
import { assetPaths } from '../../../../../src/adapters/inbound/http/oauth/pages/assets.ts';
import { readConsentForm } from '../../../../../src/adapters/inbound/http/oauth/pages/consent-form.ts';
import { renderPage } from '../../../../../src/adapters/inbound/http/oauth/pages/render-page.ts';
import { stylesheet } from '../../../../../src/adapters/inbound/http/oauth/pages/stylesheet.ts';
import type { ClientView, View } from '../../../../../src/adapters/inbound/http/oauth/pages/views.ts';
import { hostileNames } from '../../../../support/hostile-names.ts';
import { appClient, loopbackClient, pageSamples, verifiedClient } from '../../../../support/page-samples.ts';

const samples = Object.entries<View>(pageSamples);
const textOf = (view: View) =>
  renderPage(view)
    .html.replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const consentOf = (client: ClientView): View => ({ ...pageSamples.consent, client });

describe('the pages', () => {
  it.each(samples)('%s holds no script, no style attribute, no event handler, nothing of another origin', (_, view) => {
    const { html } = renderPage(view);
    expect(html).not.toMatch(/<script|javascript:|<style|<iframe|<object|<base/i);
    for (const [tag] of html.matchAll(/<[a-z][^>]*>/g)) {
      expect(tag).not.toMatch(/\s(?:on[a-z]+|style)\s*=/i);
      if (!tag.startsWith('<meta http-equiv')) expect(tag).not.toMatch(/\s(?:src|href|action)="(?!\/oauth\/)/);
    }
    expect(html).toContain(`href="${assetPaths.stylesheet}"`);
  });

  it.each(samples)('%s names its language and title, one heading, one main part, and labels every field', (_, view) => {
    const { html } = renderPage(view);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toMatch(/<title>.+ · .+<\/title>/);
    for (const element of ['<h1>', '<main ', '<header ', '<footer ']) expect(html.split(element)).toHaveLength(2);
    for (const [, id] of html.matchAll(/<(?:input|select) id="([^"]+)"/g)) expect(html).toContain(`<label for="${id}"`);
  });

  it.each(samples)('%s comes with headers that leave the page to itself', (_, view) => {
    const { headers } = renderPage(view);
    expect(headers).toMatchObject({
      'Content-Security-Policy': expect.stringMatching(
        /^default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      ),
      'X-Frame-Options': 'DENY',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
    });
  });

  it.each(samples.filter(([, { page }]) => 'form' in { page } || page !== 'error'))(
    '%s sends every form by POST and with its CSRF token',
    (_, view) => {
      const { html } = renderPage(view);
      for (const [form] of html.matchAll(/<form [\s\S]*?<\/form>/g)) {
        expect(form).toMatch(
          /^<form method="post" action="\/oauth\/[^"]+"><input type="hidden" name="csrf" value="sample-token">/,
        );
      }
    },
  );

  it('loads its stylesheet by a name that changes with its content', () => {
    expect(assetPaths.stylesheet).toMatch(/^\/oauth\/assets\/pages-[0-9a-f]{16}\.css$/);
    expect(stylesheet).not.toMatch(/@import|url\(|https?:/);
  });

  it('shows 200 hostile names as text, in the title as on the page', () => {
    expect(hostileNames).toHaveLength(200);
    expect(new Set(hostileNames).size).toBe(200);
    const shape = (html: string) => html.match(/<\/?[a-z][a-z0-9]*/g);
    const plain = shape(renderPage(consentOf({ ...verifiedClient, name: 'Plain' })).html);
    for (const name of hostileNames) {
      const { html } = renderPage(consentOf({ ...verifiedClient, name }));
      const extra = html.includes('calls itself') ? shape('<div><strong></strong><p><strong></strong></p></div>') : [];
      expect(shape(html)?.length, name).toBe((plain?.length ?? 0) + (extra?.length ?? 0));
    }
  });
});

describe('the consent page', () => {
  it('names client, who vouches for it, redirect, CMS, person and each permission with its limit', () => {
    const text = textOf(pageSamples.consent);
    for (const part of [
      /Allow Claude to work in your CMS\?/,
      /Vouched for by claude\.ai/,
      /Sends you to claude\.ai/,
      /cms\.example\.edu\/cxp4/,
      /Signed in as Ada Lovelace/,
      /Read content .*Does not allow any change/,
      /Edit content .*Does not allow making anything live/,
      /Publish content .*Does not allow changing who may publish/,
    ]) {
      expect(text).toMatch(part);
    }
    expect(text).not.toContain('See administration');
  });

  it('tells whose account the client will work with', () => {
    expect(textOf(pageSamples.consent)).toContain('within what your own account may do');
    expect(textOf({ ...pageSamples.consent, isSharedAccount: true })).toContain(
      'an account of this server that people share',
    );
  });

  it('has Deny before Allow, because Enter presses the first button of a form', () => {
    const values = [...renderPage(pageSamples.consent).html.matchAll(/name="decision" value="(\w+)"/g)];
    expect(values.map(([, value]) => value)).toEqual(['deny', 'allow']);
  });

  it('warns of names that imitate, of programs on this computer and of apps', () => {
    const text = textOf(consentOf(loopbackClient));
    expect(text).toMatch(/Warning It calls itself Claude/);
    expect(text).toMatch(/Warning .*The permission goes to a program on this computer/);
    expect(text).toMatch(/Vouched for by nobody/);
    expect(textOf(consentOf(appClient))).toMatch(/an app on this device that opens “ harbor-editor :” links/);
    expect(textOf(consentOf(verifiedClient))).not.toContain('Warning');
    expect(textOf(consentOf({ ...loopbackClient, registration: 'configured' }))).not.toContain('calls itself');
  });

  it('shows the host of a redirect as it is looked up', () => {
    const text = textOf(consentOf({ ...verifiedClient, redirectUri: 'https://clаude.ai/cb' }));
    expect(text).toContain('xn--clude-5ve.ai');
  });

  it('offers read only where something could be changed, and not otherwise', () => {
    expect(renderPage(pageSamples.consent).html).toContain('name="read_only"');
    expect(renderPage(pageSamples['consent-app']).html).not.toContain('name="read_only"');
  });

  it('allows only by one clear word, and only what was offered', () => {
    const read = (text: string) => readConsentForm(new URLSearchParams(text), ['default', 'core']);
    for (const text of [
      '',
      'decision=',
      'decision=deny',
      'decision=Allow',
      'decision=allow&decision=deny',
      'toolset=core',
    ]) {
      expect(read(text)).toEqual({ decision: 'deny' });
    }
    expect(read('decision=allow&toolset=core&toolset=all&read_only=on')).toEqual({
      decision: 'allow',
      toolsets: ['core'],
      isReadOnly: true,
    });
    expect(read('decision=allow')).toEqual({ decision: 'allow', toolsets: [], isReadOnly: false });
  });
});

describe('the sign-in page', () => {
  it('puts the focus on what is to be corrected, tells why, and gives no secret back', () => {
    const { html } = renderPage({ ...pageSamples['sign-in-wrong'], values: { username: 'ada', password: 'hunter2' } });
    expect(html).toMatch(/id="field-password"[^>]* aria-describedby="problem" aria-invalid="true" autofocus/);
    expect(html).toMatch(/id="problem"/);
    expect(html).toMatch(/id="field-username"[^>]* value="ada"/);
    expect(html).not.toContain('hunter2');
    expect(html).toContain('<title>Error: ');
  });

  it('answers with the status that says what is wrong', () => {
    expect(renderPage(pageSamples['sign-in']).status).toBe(200);
    expect(renderPage(pageSamples['sign-in-limited'])).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '300' },
    });
    expect(renderPage(pageSamples['sign-in-unavailable']).status).toBe(503);
  });
});

describe('the page that leads on', () => {
  it('goes by itself, and by a link', () => {
    const to = '/oauth/authorize/abc?x=1&y="2"';
    const { html } = renderPage({ page: 'continue', to, towards: 'client', client: verifiedClient });
    expect(html).toContain('<meta http-equiv="refresh" content="0;url=/oauth/authorize/abc?x=1&#38;y=&#34;2&#34;">');
    expect(html).toContain('href="/oauth/authorize/abc?x=1&#38;y=&#34;2&#34;"');
  });
});
