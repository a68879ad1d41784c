import { describe, expect, test } from 'vitest'
import { addressBehind, limitedAddress, networkOf } from '../../../server/users/address.ts'

describe('the address behind proxies', () => {
  test.each([
    ['no proxy, nothing forwarded', '192.0.2.1', undefined, 0, '192.0.2.1'],
    ['no proxy, a forged list', '192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['one proxy', '127.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
    ['one proxy, a forged entry before', '127.0.0.1', '8.8.8.8, 203.0.113.9', 1, '203.0.113.9'],
    ['two proxies', '127.0.0.1', '203.0.113.9, 192.0.2.2', 2, '203.0.113.9'],
    ['two proxies, a forged entry before', '127.0.0.1', '8.8.8.8, 203.0.113.9, 192.0.2.2', 2, '203.0.113.9'],
    ['two proxies, a list too short', '192.0.2.1', '203.0.113.9', 2, '192.0.2.1'],
    ['one proxy, no list', '192.0.2.1', undefined, 1, '192.0.2.1'],
    ['one proxy, an entry that is no address', '192.0.2.1', 'unknown', 1, '192.0.2.1'],
    ['one proxy, an entry with a port', '127.0.0.1', '203.0.113.9:4711', 1, '203.0.113.9'],
    ['one proxy, IPv6 in brackets', '127.0.0.1', '[2001:db8::1]:443', 1, '2001:db8::1'],
    ['an IPv4 address on a socket of both kinds', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
  ])('%s', (_, socket, forwardedFor, hops, address) => {
    expect(addressBehind(socket, forwardedFor, hops)).toBe(address)
  })
})

test.each([
  ['203.0.113.9', '203.0.113.0/24', '203.0.113.9'],
  ['2001:db8:1:2::9', '2001:db8:1::/48', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:0000:0000:0000:0009', '2001:db8:1::/48', '2001:db8:1:2::/64'],
  ['::1', '0:0:0::/48', '0:0:0:0::/64'],
  ['unknown', 'unknown', 'unknown'],
])('%s belongs to %s and is limited as %s', (address, network, limited) => {
  expect(networkOf(address)).toBe(network)
  expect(limitedAddress(address)).toBe(limited)
})
