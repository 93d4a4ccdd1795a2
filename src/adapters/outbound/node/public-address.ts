import { BlockList, isIP } from 'node:net';

/**
 * Whether an IP address belongs to the public internet. Everything else is refused: what is ours, what is special, what
 * hides one address in another (IANA special-purpose registries; RFC 6890, 4291, 6052, 3056, 4380). Pure.
 */
export function isPublicAddress(address: string): boolean {
  // A zone names an interface of this machine: such an address is never public.
  if (address.includes('%')) return false;
  switch (isIP(address)) {
    case 4:
      return !specialV4.check(address, 'ipv4');
    case 6:
      return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
    default:
      return false;
  }
}

const blockList = (family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
};

const specialV4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // A metadata service of a public cloud that has a public-looking address.
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);

/** Only this is global unicast; mapped and translated IPv4, loopback, local and multicast addresses lie outside. */
const globalV6 = blockList('ipv6', [['2000::', 3]]);

/** Inside of it: protocol assignments with Teredo, documentation, 6to4, segment routing. */
const specialV6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
