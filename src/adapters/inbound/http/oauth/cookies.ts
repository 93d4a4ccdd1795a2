import type { IncomingMessage, ServerResponse } from 'node:http';

/** How cookies of this server are named and sent. */
export interface Cookies {
  read(request: IncomingMessage, name: string): string | undefined;
  write(response: ServerResponse, name: string, value: string, maxAgeSeconds: number): void;
  remove(response: ServerResponse, name: string): void;
}

/**
 * Cookies that no script and no other host can read or set: the prefix `__Host-` makes browsers insist on Secure, on no
 * Domain and on the whole path (RFC 6265bis section 4.1.3.2). Over plain http, which is for this machine only, browsers
 * refuse the prefix and Secure, so both are left out there.
 */
export function hostCookies(publicUrl: string): Cookies {
  const isSecure = publicUrl.startsWith('https:');
  const fullName = (name: string): string => (isSecure ? `__Host-${name}` : name);
  const write: Cookies['write'] = (response, name, value, maxAgeSeconds) => {
    const secure = isSecure ? '; Secure' : '';
    response.appendHeader(
      'Set-Cookie',
      `${fullName(name)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`,
    );
  };
  return {
    read: (request, name) => readValue(request.headers.cookie ?? '', fullName(name)),
    write,
    remove: (response, name) => write(response, name, '', 0),
  };
}

function readValue(header: string, name: string): string | undefined {
  const pair = header
    .split(';')
    .map((text) => text.trim())
    .find((text) => text.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
