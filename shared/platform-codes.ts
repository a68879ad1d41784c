type Row = readonly [meaning: string, fix: string]

/** Why a call to the customer's own service brought nothing, and the way out. */
const codes: Readonly<Record<string, Row>> = {
  no_endpoint: [
    'This integration has no platform endpoint.',
    'Enter its address on the Platform tab of the integration.',
  ],
  endpoint_disabled: [
    'The platform endpoint is switched off, so nothing is asked of it.',
    'Switch it on, on the Platform tab of the integration.',
  ],
  endpoint_deleted: ['The endpoint was deleted before this arrived.', 'Nothing to do.'],
  secret_unreadable: [
    'The secret that calls are signed with can’t be opened.',
    'Roll the secret, and give the new one to the platform.',
  ],
  address_forbidden: [
    'The address is not one that may be called.',
    'Enter a public https address, or name the host in SWITCHBOARD_PLATFORM_HOSTS.',
  ],
  host_not_found: ['The name of the host is not known.', 'Check its spelling, and that this server can look it up.'],
  unreachable: [
    'No connection came about: nobody listens there, or a firewall is in between.',
    'Start the service, and let this server through to its port.',
  ],
  tls_failed: [
    'The connection could not be made safe: the certificate is not valid for this name, expired, or from nobody known.',
    'Renew the certificate. A private authority is named to Node with NODE_EXTRA_CA_CERTS.',
  ],
  proxy_refused: [
    'The proxy in between did not let the call through.',
    'Allow the host there. Hosts named in SWITCHBOARD_PLATFORM_HOSTS are called without the proxy.',
  ],
  connection_broke: [
    'The connection broke before the answer was there.',
    'Look in the log of the service and of what stands in front of it.',
  ],
  timeout: ['The answer took too long.', 'Answer first and do the work afterwards.'],
  too_large: ['The answer is longer than 1 MB.', 'Answer with less; of a list, with its most important part.'],
  not_json: ['The answer is not JSON.', 'Answer with a JSON object, or with nothing.'],
  not_taken: [
    'The answer is JSON of a kind that is refused here: nested beyond sense, or with a NUL or half a character in it.',
    'Look at the detail beside it, and answer without that.',
  ],
  redirected: ['The answer sends on to another address, which is not followed.', 'Enter the final address.'],
  http_400: ['The service did not understand the call.', 'Look in its log for what it missed.'],
  http_401: [
    'The service refused the signature.',
    'Check that it holds the newest secret, checks the raw body, and that its clock is right.',
  ],
  http_403: [
    'The service, or a firewall in front of it, does not let the call in.',
    'Check its secret and what stands in front of it.',
  ],
  http_404: ['There is nothing at this address.', 'Check the path of the address.'],
  http_405: ['The address takes no POST.', 'Check the path, and let it take POST.'],
  http_410: ['The service says that this address is gone for good.', 'Enter the new address.'],
  http_413: ['The service takes no body of this length.', 'Raise its limit to at least 256 kB.'],
  http_429: ['The service is asked too often.', 'Nothing to do: a notice waits as long as it was asked to.'],
}

const byClass: Readonly<Record<string, Row>> = {
  '4': ['The service refused the call.', 'Look in its log for why.'],
  '5': ['The service broke while it answered.', 'Look in its log; a notice is tried again.'],
}

/** True for what a call to the platform can come to. */
export const isPlatformCode = (code: string): boolean => Object.hasOwn(codes, code) || /^http_[45]/.test(code)

/** What a code on a call to the platform means. */
export function platformCode(code: string): { code: string; meaning: string; fix: string } {
  const [meaning, fix] = codes[code] ??
    byClass[code.match(/^http_([45])/)?.[1] ?? ''] ?? ['The call brought nothing.', 'Look at the detail beside it.']
  return { code, meaning, fix }
}
