import { BlockList, isIP } from 'node:net'

/** Whether an address belongs to no machine on the open internet: this one, its network, a cloud's own services. */
export function isForbiddenAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return NOT_PUBLIC.check(address, 'ipv4')
    case 6:
      // Whatever lies outside, mapped, translated and local addresses among it, is no machine on the internet.
      return !GLOBAL.check(address, 'ipv6') || NOT_PUBLIC.check(address, 'ipv6')
    default:
      return true
  }
}

/** IANA's special-purpose registries, and where the clouds answer machines of their own. */
const NOT_PUBLIC = blockList({
  ipv4: [
    '0.0.0.0/8', // this network
    '10.0.0.0/8',
    '100.64.0.0/10', // carrier-grade NAT; Alibaba's metadata
    '127.0.0.0/8',
    '168.63.129.16/32', // Azure's machine services
    '169.254.0.0/16', // link-local; metadata of most clouds
    '172.16.0.0/12',
    '192.0.0.0/24', // protocol assignments; Oracle's metadata
    '192.0.2.0/24', // documentation
    '192.88.99.0/24', // relays of 6to4
    '192.168.0.0/16',
    '198.18.0.0/15', // benchmarks
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4', // multicast
    '240.0.0.0/4', // reserved, and broadcast
  ],
  ipv6: [
    '2001::/23', // protocol assignments, Teredo among them
    '2001:db8::/32', // documentation
    '2002::/16', // 6to4, which carries an IPv4 address
    '3fff::/20', // documentation
  ],
})
const GLOBAL = blockList({ ipv4: [], ipv6: ['2000::/3'] })

function blockList(ranges: Record<'ipv4' | 'ipv6', string[]>): BlockList {
  const list = new BlockList()
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const range of ranges[family]) {
      const [net = '', bits] = range.split('/')
      list.addSubnet(net, Number(bits), family)
    }
  }
  return list
}
