// Loaded before the server (`--import`) by tests in which somebody else's web server runs on this machine: names that
// end in `.example` lead here, and an address of this machine counts as public for them alone. All else is as it is.
import dns from 'node:dns/promises';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

const lookup = dns.lookup;
const here = [{ address: '127.0.0.1', family: 4 }];
Object.assign(dns, {
  lookup: (name: string, options: object) =>
    name.endsWith('.example') ? Promise.resolve(here) : lookup(name, options),
});
syncBuiltinESMExports();

const guard = 'outbound/node/public-address.ts';
registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(guard)) return loaded;
    const own = `export function isPublicAddress(address) { return address === '127.0.0.1' || isReallyPublic(address); }`;
    const source = String(loaded.source).replace('export function isPublicAddress', 'function isReallyPublic');
    return { ...loaded, source: `${source}\n${own}\n` };
  },
});
