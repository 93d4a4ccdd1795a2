/**
 * What a person's browser does at the sandbox CMS: its sign-in page, filled in with what is `typed`, then the way back.
 * Answers what the CMS lets it bring back.
 */
export async function signInAtCms(url: string, typed: Readonly<Record<string, string>>): Promise<URLSearchParams> {
  const page = await fetch(url);
  const form = new URLSearchParams(typed);
  for (const [, name = '', value = ''] of (await page.text()).matchAll(hiddenInput)) {
    form.set(name, value.replaceAll('&amp;', '&'));
  }
  const reply = await fetch(new URL('login', page.url), { method: 'POST', body: form, redirect: 'manual' });
  const location = reply.headers.get('location');
  if (location === null) throw new Error(`The CMS answered ${reply.status} and sends nobody back.`);
  return new URL(location).searchParams;
}

const hiddenInput = /<input type="hidden" name="([^"]+)" value="([^"]*)">/g;
