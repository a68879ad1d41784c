import { describe, expect, test } from 'vitest'
import { isForbiddenAddress } from '../../../server/platform/addresses.ts'
import { urlProblem } from '../../../server/platform/check-url.ts'

describe('addresses', () => {
  test.each([
    ['this machine', '127.0.0.1'],
    ['this machine, another of its addresses', '127.8.9.10'],
    ['no address', '0.0.0.0'],
    ['private, 10', '10.1.2.3'],
    ['private, 172.16', '172.31.255.255'],
    ['private, 192.168', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['metadata of Alibaba', '100.100.100.200'],
    ['link-local', '169.254.1.1'],
    ['metadata of AWS, Google and Azure', '169.254.169.254'],
    ['machine services of Azure', '168.63.129.16'],
    ['metadata of Oracle', '192.0.0.192'],
    ['documentation', '203.0.113.9'],
    ['benchmarks', '198.19.0.1'],
    ['multicast', '224.0.0.251'],
    ['reserved', '250.1.1.1'],
    ['broadcast', '255.255.255.255'],
    ['this machine, IPv6', '::1'],
    ['no address, IPv6', '::'],
    ['IPv4-mapped', '::ffff:10.0.0.1'],
    ['IPv4-mapped, in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::a00:1'],
    ['NAT64, local', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378::1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local, IPv6', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['discard', '100::1'],
    ['no address at all', 'localhost'],
  ])('%s (%s) is not called', (_, address) => {
    expect(isForbiddenAddress(address)).toBe(true)
  })

  test.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    '%s is called',
    (address) => {
      expect(isForbiddenAddress(address)).toBe(false)
    },
  )
})

describe('what may be entered', () => {
  test.each([
    ['plain http', 'http://platform.example.com/'],
    ['another protocol', 'ftp://platform.example.com/'],
    ['a name and a password', 'https://kim:secret@platform.example.com/'],
    ['a fragment', 'https://platform.example.com/#x'],
    ['a private address', 'https://10.0.0.5/'],
    ['one number for four', 'https://2130706433/'],
    ['hexadecimal', 'https://0x7f.0.0.1/'],
    ['octal', 'https://0177.0.0.1/'],
    ['the short form', 'https://127.1/'],
    ['full-width digits', 'https://１２７.０.０.１/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['an IPv4-mapped address', 'https://[::ffff:169.254.169.254]/'],
    ['the port of another service', 'https://platform.example.com:22/'],
  ])('%s is refused, with a way out', (_, url) => {
    expect(urlProblem(new URL(url), [])).toMatchObject({ message: expect.any(String), fix: expect.any(String) })
  })

  test.each([
    ['https', 'https://platform.example.com/hooks?tenant=1', []],
    ['a high port', 'https://platform.example.com:8443/', []],
    ['plain http to a host that is named', 'http://platform.internal/hooks', ['platform.internal']],
    ['a private address that is named with its port', 'http://127.0.0.1:4100/', ['127.0.0.1:4100']],
    ['an IPv6 address that is named', 'http://[::1]:4100/', ['[::1]:4100']],
  ])('%s is taken', (_, url, hosts) => {
    expect(urlProblem(new URL(url), hosts)).toBeUndefined()
  })

  test('a host that is named with a port is taken with no other, nor is one that only ends alike', () => {
    expect(urlProblem(new URL('http://127.0.0.1:4101/'), ['127.0.0.1:4100'])).toBeDefined()
    expect(urlProblem(new URL('http://evil-platform.internal/'), ['platform.internal'])).toBeDefined()
    expect(urlProblem(new URL('http://platform.internal.evil.test/'), ['platform.internal'])).toBeDefined()
  })
})
