/**
 * What one household, office or attacker holds of the address space: an IPv4 address whole, an IPv6 address by its /64,
 * of which every subscriber has at least one to himself. An IPv4 address in IPv6 (::ffff:192.0.2.7) is the IPv4 address.
 * Text that is no address, and no text at all, is `unknown`: all such senders count as one. Pure.
 */
export function networkOf(address: string | undefined): string {
  const text = (address ?? '').toLowerCase().replace(/%.*$/, '');
  if (isIpv4(text)) return text;
  const groups = groupsOf(text);
  if (groups === undefined) return 'unknown';
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The eight groups of an IPv6 address (RFC 4291 section 2.2), or `undefined`. */
function groupsOf(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = withoutDots(text).split('::');
  if (more.length > 0) return undefined;
  const front = read(head);
  const back = tail === undefined ? [] : read(tail);
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  const fits = tail === undefined ? missing === 0 : missing >= 1;
  return fits ? [...front, ...Array.from({ length: missing }, () => 0), ...back] : undefined;
}

/** The four bytes at the end of an address such as ::ffff:192.0.2.7, as the two groups that they are. */
function withoutDots(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const dotted = text.slice(start);
  if (start === 0 || !isIpv4(dotted)) return text;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function read(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}
