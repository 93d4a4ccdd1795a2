import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../../src/domain/policy/network-of.ts';

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    undefined,
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::1',
    '1:2:3:4:5:6:7::8:9',
    ':::',
  ])('of %j, which is no address, is unknown', (address) => {
    expect(networkOf(address)).toBe('unknown');
  });

  it('is the same for all addresses of a /64, however they are written', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    // A first group of its own: nothing mapped from IPv4.
    const front = fc.tuple(fc.integer({ min: 0x2000, max: 0x3fff }), group, group, group);
    fc.assert(
      fc.property(front, fc.array(group, { minLength: 4, maxLength: 4 }), (network, host) => {
        const hex = (groups: readonly number[], width: number) =>
          groups.map((value) => value.toString(16).padStart(width, '0')).join(':');
        const written = networkOf(hex([...network, ...host], 4).toUpperCase());
        expect(written).toBe(`${hex(network, 1)}::/64`);
        expect(networkOf(`${hex(network, 1)}::${hex(host.slice(3), 1)}`)).toBe(written);
      }),
    );
  });

  it('never throws and stays short, whatever comes', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => networkOf(text).length <= 24));
  });
});
