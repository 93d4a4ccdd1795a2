/** What a person does on the pages of the authorization server, with a browser that has no window. */
export interface Person {
  /** Opens the address and answers every page until the browser is sent somewhere else; answers where to. */
  authorize(address: string | URL, choice?: PersonChoice): Promise<URL>;
  /** Opens one address, without answering anything. Redirects within the server are followed. */
  open(address: string | URL): Promise<OpenedPage>;
  /** Sends the form of a page with these fields beside its own. */
  send(page: OpenedPage, fields: Readonly<Record<string, string | readonly string[]>>): Promise<OpenedPage>;
  /** The headings of the pages that were shown, in order. */
  readonly seen: readonly string[];
  /** Gets rid of all cookies. */
  forget(): void;
}

export interface PersonChoice {
  readonly decision?: 'allow' | 'deny';
  readonly toolsets?: readonly string[];
  readonly readOnly?: boolean;
  /** For the device flow: what the device shows. */
  readonly userCode?: string;
}

export interface OpenedPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly heading: string;
  /** Where the browser was sent, when that is not on this server. */
  readonly away?: URL;
}

const stepsMax = 20;

/** `knows` is what the person can type into the fields of a sign-in form. */
export function createPerson(knows: Readonly<Record<string, string>>): Person {
  const jar = createJar();
  const seen: string[] = [];

  const load = async (address: URL, init: RequestInit = {}): Promise<OpenedPage> => {
    let url = address;
    let request = init;
    for (let step = 0; step < stepsMax; step++) {
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: jar.header(url), ...request.headers },
      });
      jar.keep(url, response.headers.getSetCookie());
      const html = await response.text();
      const next = response.headers.get('location') ?? refreshOf(html);
      const page = { status: response.status, headers: response.headers, html, heading: headingOf(html), url };
      if (next === undefined) {
        seen.push(page.heading);
        return page;
      }
      const target = new URL(next, url);
      if (target.origin !== url.origin) return { ...page, away: target };
      url = target;
      request = {};
    }
    throw new Error(`${address.href} leads from page to page.`);
  };

  const send: Person['send'] = (page, fields) => {
    const form = formOf(page.html);
    const body = new URLSearchParams(form.hidden);
    for (const [name, value] of Object.entries(fields)) {
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
    }
    const { origin } = page.url;
    return load(new URL(form.action, page.url), { method: 'POST', body, headers: { origin } });
  };

  const answer = (page: OpenedPage, choice: PersonChoice): Promise<OpenedPage> => {
    const { inputs } = formOf(page.html);
    if (page.html.includes('name="decision"')) {
      const offered = [...page.html.matchAll(/name="toolset" value="([^"]+)"[^>]*checked/g)].map(
        ([, word]) => word ?? '',
      );
      return send(page, {
        decision: choice.decision ?? 'allow',
        toolset: choice.toolsets ?? offered,
        ...(choice.readOnly === true ? { read_only: 'yes' } : {}),
      });
    }
    if (page.html.includes('name="confirm"')) return send(page, { confirm: 'yes' });
    if (inputs.includes('user_code')) return send(page, { user_code: choice.userCode ?? '' });
    return send(page, Object.fromEntries(inputs.map((name) => [name, knows[name] ?? ''])));
  };

  return {
    seen,
    open: (address) => load(new URL(address)),
    send,
    forget: () => jar.clear(),
    async authorize(address, choice = {}) {
      let page = await load(new URL(address));
      for (let step = 0; step < stepsMax; step++) {
        if (page.away !== undefined) return page.away;
        if (!page.html.includes('<form ')) throw new Error(`The way ends at "${page.heading}": ${page.html}`);
        page = await answer(page, choice);
      }
      throw new Error(`The pages do not end: ${seen.join(' → ')}`);
    },
  };
}

interface Form {
  readonly action: string;
  readonly hidden: Record<string, string>;
  readonly inputs: readonly string[];
}

function formOf(html: string): Form {
  const form = html.slice(html.indexOf('<form '), html.indexOf('</form>'));
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const inputs = [...form.matchAll(/<input [^>]*name="([^"]+)"[^>]*type="(?:text|password)"/g)];
  return {
    action: unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? ''),
    hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescaped(value)])),
    inputs: inputs.map(([, name = '']) => name),
  };
}

function headingOf(html: string): string {
  return unescaped((/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '').replace(/<[^>]*>/g, '')).trim();
}

function refreshOf(html: string): string | undefined {
  const content = /<meta http-equiv="refresh" content="\d+; ?url=([^"]*)"/i.exec(html)?.[1];
  return content === undefined ? undefined : unescaped(content);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescaped(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (whole, name: string) => entities[name] ?? whole);
}

/** Cookies by host and path, as browsers keep them. */
function createJar() {
  const cookies = new Map<string, { readonly name: string; readonly path: string; readonly value: string }>();
  return {
    keep(url: URL, lines: readonly string[]): void {
      for (const line of lines) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
        const isOver = value === '' || /max-age=0(;|$)/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line);
        const key = `${url.host} ${path} ${name}`;
        if (isOver) cookies.delete(key);
        else cookies.set(key, { name, path, value });
      }
    },
    header(url: URL): string {
      return [...cookies]
        .filter(([key, { path }]) => key.startsWith(`${url.host} `) && isBelow(url.pathname, path))
        .map(([, { name, value }]) => `${name}=${value}`)
        .join('; ');
    },
    clear: () => cookies.clear(),
  };
}

function isBelow(path: string, of: string): boolean {
  return path === of || path.startsWith(of.endsWith('/') ? of : `${of}/`);
}
