/** A browser as far as cookies and forms go: what it was given it sends again. Redirects are not followed. */
export class CookieJar {
  readonly cookies = new Map<string, string>();

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async get(url: string): Promise<PageAnswer> {
    return this.#send(url, {});
  }

  async post(url: string, fields: Readonly<Record<string, string>>): Promise<PageAnswer> {
    return this.#send(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  async #send(url: string, init: RequestInit): Promise<PageAnswer> {
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie: this.header() } });
    this.keep(response);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, hidden: hiddenFields(text) };
  }

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined) continue;
      if (line.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value ?? '');
    }
  }
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The hidden fields of the page's last form. */
  readonly hidden: Readonly<Record<string, string>>;
}

function hiddenFields(text: string): Record<string, string> {
  const form = text.slice(Math.max(0, text.lastIndexOf('<form ')));
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
      name ?? '',
      value ?? '',
    ]),
  );
}
