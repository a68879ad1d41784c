import type { CredentialField } from './credentials.ts'
import type { SlackPage } from './slack-links.ts'

/** Who says it: the Web API, an incoming webhook, a bare HTTP status, or the network on the way there. */
export type SlackCodeSource = 'web_api' | 'webhook' | 'http' | 'network'

/**
 * When another try makes sense: never without a change, after the wait Slack asked for, soon and then ever later, hours
 * apart, or only once a look into the channel has shown that the message is not there already.
 */
export type SlackRetry = 'never' | 'after_wait' | 'backoff' | 'hours_later' | 'look_first'

/** What stops until somebody acts: one message, one destination, one credential, the whole integration, or nothing. */
export type SlackStop = 'message' | 'destination' | 'credential' | 'integration' | 'nothing'

/**
 * Who can fix it. A Slack admin runs the workspace, an app admin may change the Slack app, a channel member may invite
 * the bot, an operator runs this server and words its messages, `switchboard` is a fault of ours, `slack` one of theirs.
 */
export type SlackFixer =
  | 'slack_admin'
  | 'app_admin'
  | 'channel_member'
  | 'operator'
  | 'switchboard'
  | 'slack'
  | 'nobody'

/** Who that is, as a page puts it. */
export const slackFixerNames: Readonly<Record<SlackFixer, string>> = {
  slack_admin: 'A Slack admin of the workspace',
  app_admin: 'Whoever manages the Slack app',
  channel_member: 'Anyone in the channel',
  operator: 'Whoever runs this Switchboard',
  switchboard: 'The makers of Switchboard',
  slack: 'Slack',
  nobody: 'Nobody has to',
}

/** What one code means for a delivery and for the person who reads it. */
export type SlackCode = {
  code: string
  from: readonly SlackCodeSource[]
  retry: SlackRetry
  stops: SlackStop
  who: SlackFixer
  /** One plain sentence. */
  meaning: string
  /** One plain sentence that says what to do. */
  fix: string
  /** The page in Slack's app settings where it is done. */
  page?: SlackPage
  /** The field to blame, when it is one field. */
  field?: CredentialField
}

/** The row of a code. An unknown one is never retried and its row quotes it. */
export function slackCode(code: string): SlackCode {
  return byCode.get(code) ?? alike(code) ?? unknown(code)
}

/** True when the table has a row of its own for the code. */
export function isKnownSlackCode(code: string): boolean {
  return byCode.has(code)
}

/** Codes that come in families too large to list: the family says enough. */
function alike(code: string): SlackCode | undefined {
  if (/^http_3\d\d$/.test(code)) return { ...slackCode('redirected'), code, from: ['http'] }
  if (/^http_4\d\d$/.test(code)) return { ...slackCode('http_400'), code }
  // What a server that answers 5xx had done by then is not known, unless the status says so.
  if (/^http_5\d\d$/.test(code)) return { ...slackCode('http_500'), code }
  if (/^slack_connect_\w+_blocked$/.test(code)) return { ...slackCode('slack_connect_canvas_sharing_blocked'), code }
  return undefined
}

function unknown(code: string): SlackCode {
  const quoted = code.length > LONGEST_QUOTE ? `${code.slice(0, LONGEST_QUOTE)}…` : code
  return {
    code,
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'slack',
    meaning: `Slack answered "${quoted}", a code that Switchboard does not know.`,
    fix: 'Look the code up in the reference of the Slack method, or send it to Slack support with the request ID.',
  }
}

const LONGEST_QUOTE = 80

type Row = readonly [meaning: string, fix: string, where?: { page?: SlackPage; field?: CredentialField }]
type Group = Pick<SlackCode, 'from' | 'retry' | 'stops' | 'who'> & { rows: Record<string, Row> }

const groups: readonly Group[] = [
  // Waits and hiccups: nothing is wrong with the message, and it will go out.
  {
    from: ['web_api', 'http'],
    retry: 'after_wait',
    stops: 'nothing',
    who: 'nobody',
    rows: {
      ratelimited: [
        'Slack asked Switchboard to slow down; the messages are queued and will go out.',
        'Leave it to run, and send less to this channel if it happens all day.',
      ],
      http_429: [
        'Slack, or something in front of it, asked Switchboard to slow down; the messages are queued and will go out.',
        'Leave it to run, and send less to this channel if it happens all day.',
      ],
    },
  },
  {
    from: ['web_api', 'webhook'],
    retry: 'after_wait',
    stops: 'nothing',
    who: 'nobody',
    rows: {
      rate_limited: [
        'Slack asked Switchboard to slow down on this channel or webhook; the messages are queued and will go out.',
        'Leave it to run, and send less to this channel if it happens all day.',
      ],
    },
  },
  {
    from: ['web_api', 'http'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'slack',
    rows: {
      service_unavailable: [
        'Slack is having trouble and did not take the request; Switchboard keeps trying.',
        'Wait, and watch the Slack status page if it lasts.',
        { page: 'status' },
      ],
      http_502: [
        'A gateway in front of Slack could not pass the request on; Switchboard keeps trying.',
        'Wait, and watch the Slack status page if it lasts.',
        { page: 'status' },
      ],
      http_503: [
        'Slack is overloaded or under maintenance and did not take the request; Switchboard keeps trying.',
        'Wait, and watch the Slack status page if it lasts.',
        { page: 'status' },
      ],
      http_504: [
        'A gateway in front of Slack waited too long for it; Switchboard keeps trying.',
        'Wait, and watch the Slack status page if it lasts.',
        { page: 'status' },
      ],
    },
  },
  {
    from: ['webhook'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'slack',
    rows: {
      rollup_error: [
        'Something went wrong inside Slack while it handled the webhook; Switchboard keeps trying.',
        'Wait, and watch the Slack status page if it lasts.',
        { page: 'status' },
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'operator',
    rows: {
      request_timeout: [
        'Slack received only a part of the request.',
        'Check the proxy or firewall between this server and Slack for one that cuts requests off.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'nobody',
    rows: {
      hash_conflict: [
        'Somebody else changed the same view a moment earlier.',
        'Leave it to run: Switchboard reads the view again and repeats the change.',
      ],
    },
  },

  // Nobody knows whether the message arrived.
  {
    from: ['web_api'],
    retry: 'look_first',
    stops: 'nothing',
    who: 'slack',
    rows: {
      internal_error: [
        'Something went wrong inside Slack, so a message sent this way may or may not have arrived.',
        'Leave it to run: Switchboard looks for a message before it sends it again.',
        { page: 'status' },
      ],
      fatal_error: [
        'Something went badly wrong inside Slack, so a message sent this way may or may not have arrived.',
        'Leave it to run: Switchboard looks for a message before it sends it again.',
        { page: 'status' },
      ],
    },
  },
  {
    from: ['http'],
    retry: 'look_first',
    stops: 'nothing',
    who: 'slack',
    rows: {
      http_500: [
        'Slack answered with a server error, so a message sent this way may or may not have arrived.',
        'Leave it to run: Switchboard looks for a message before it sends it again.',
        { page: 'status' },
      ],
    },
  },
  {
    from: ['network'],
    retry: 'look_first',
    stops: 'nothing',
    who: 'operator',
    rows: {
      timeout: [
        'Slack did not answer in time, so a message sent this way may or may not have arrived.',
        'Check outbound HTTPS from this server and the Slack status page if it happens often.',
        { page: 'status' },
      ],
      ECONNRESET: [
        'The connection was cut while the request was under way, so a message sent this way may or may not have arrived.',
        'Check the firewall or proxy between this server and Slack if it happens often.',
      ],
      EPIPE: [
        'The connection closed while the request was being sent, so a message sent this way may or may not have arrived.',
        'Check the firewall or proxy between this server and Slack if it happens often.',
      ],
      ETIMEDOUT: [
        'The connection to Slack went silent, so a message sent this way may or may not have arrived.',
        'Check that this server may open outbound HTTPS connections to Slack.',
      ],
      UND_ERR_HEADERS_TIMEOUT: [
        'Slack took the request and did not begin to answer in time, so a message may or may not have arrived.',
        'Check the proxy in between and the Slack status page if it happens often.',
        { page: 'status' },
      ],
      UND_ERR_BODY_TIMEOUT: [
        'The answer of Slack stopped half-way, so a message sent this way may or may not have arrived.',
        'Check the proxy in between and the Slack status page if it happens often.',
        { page: 'status' },
      ],
      UND_ERR_SOCKET: [
        'The connection broke before the whole answer came back, so a message sent this way may or may not have arrived.',
        'Check the firewall or proxy between this server and Slack if it happens often.',
      ],
      not_json: [
        'The answer was not in the form that Slack uses, which a proxy, a sign-in page or an outage can cause.',
        'Open the Slack address from this server and see who answers.',
      ],
      canceled: [
        'The request was broken off before the answer came, so a message sent this way may or may not have arrived.',
        'Run it again.',
      ],
    },
  },

  // The request never reached Slack.
  {
    from: ['network'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'operator',
    rows: {
      ENOTFOUND: [
        'The name of the Slack server could not be found, so the request never left.',
        'Check the DNS settings of this server and the address it uses for Slack.',
      ],
      EAI_AGAIN: [
        'The name server did not answer when asked for the address of Slack, so the request never left.',
        'Check that this server can reach its DNS server.',
      ],
      ECONNREFUSED: [
        'The address was found and nothing there accepts connections, so the request never left.',
        'Check the outbound firewall rules and the address this server uses for Slack.',
      ],
      EHOSTUNREACH: [
        'There is no network route to Slack, so the request never left.',
        'Check the routing and firewall rules for outbound HTTPS from this server.',
      ],
      ENETUNREACH: [
        'This server has no network that leads to Slack, so the request never left.',
        'Check that this server is connected and may open outbound HTTPS connections.',
      ],
      UND_ERR_CONNECT_TIMEOUT: [
        'Nothing answered when this server tried to connect to Slack, so the request never left.',
        'Check that a firewall does not silently drop outbound HTTPS connections.',
      ],
      CERT_HAS_EXPIRED: [
        'The certificate shown for the Slack address has expired, so the request was not sent.',
        'Check the clock of this server, and the certificate of the proxy if one stands in between.',
      ],
      CERT_NOT_YET_VALID: [
        'The certificate shown for the Slack address is not valid yet, so the request was not sent.',
        'Check the clock of this server.',
      ],
      DEPTH_ZERO_SELF_SIGNED_CERT: [
        'Whoever answers at the Slack address made their own certificate, so the request was not sent.',
        'Add the certificate of your proxy through NODE_EXTRA_CA_CERTS, or correct the address of Slack.',
      ],
      SELF_SIGNED_CERT_IN_CHAIN: [
        'The certificate shown for Slack was issued by an authority this server does not trust, as inspecting proxies do.',
        'Add the authority of your proxy through NODE_EXTRA_CA_CERTS and restart.',
      ],
      UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
        'The certificate shown for Slack could not be traced to an authority this server trusts.',
        'Add the authority of your proxy through NODE_EXTRA_CA_CERTS and restart.',
      ],
      UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
        'The authority behind the certificate shown for Slack is not known to this server.',
        'Add the authority of your proxy through NODE_EXTRA_CA_CERTS and restart.',
      ],
      ERR_TLS_CERT_ALTNAME_INVALID: [
        'The certificate belongs to another host name than the one asked for, so the request was not sent.',
        'Check the address this server uses for Slack, and that its DNS answer is the real one.',
      ],
      EPROTO: [
        'The encrypted connection could not be set up, often because the other end does not speak HTTPS.',
        'Check that the address of Slack begins with https and that its port is right.',
      ],
      proxy_refused: [
        'The proxy did not let the request through to Slack.',
        'Allow the Slack hosts in the proxy that this server uses.',
      ],
      proxy_auth_required: [
        'The proxy wants a user name and a password before it lets requests through.',
        'Put the user name and the password into the proxy address of this server.',
      ],
      http_407: [
        'The proxy wants a user name and a password before it lets requests through.',
        'Put the user name and the password into the proxy address of this server.',
      ],
      redirected: [
        'The address sent the request on to another address, which Slack does not do.',
        'Check the address this server uses for Slack, and whether a proxy shows a sign-in page.',
      ],
      network_error: ['This server could not reach Slack.', 'Check outbound HTTPS, DNS and the proxy of this server.'],
    },
  },

  {
    from: ['network'],
    retry: 'never',
    stops: 'destination',
    who: 'operator',
    rows: {
      webhook_not_allowed: [
        'The address is not one that Slack serves webhooks from, so nothing was sent.',
        'Paste the URL that Slack shows under Incoming Webhooks, or name its host in SLACK_WEBHOOK_HOSTS.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
    },
  },

  {
    from: ['network'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'nobody',
    rows: {
      claim_lost: [
        'The time in which this worker may send the message ran out before a byte had left, so nothing was sent.',
        'Leave it to run, and give this server more room if it happens all day.',
      ],
    },
  },
  {
    from: ['network'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      upload_host_not_allowed: [
        'Slack named an upload address that this server may not send files to, so the file was not sent.',
        'Name the host in SLACK_UPLOAD_HOSTS if it is one of Slack.',
      ],
      webhook_only_posts: [
        'A webhook can neither change or delete a message nor carry a file, so nothing was sent.',
        'Choose a channel that the bot posts to instead of the webhook.',
      ],
      history_too_long: [
        'So much was said since then that Switchboard could not look through all of it for the message.',
        'Look into the channel, then confirm the delivery or send it again.',
      ],
    },
  },

  // The workspace is busy with itself: hold, and come back in hours.
  {
    from: ['web_api'],
    retry: 'hours_later',
    stops: 'integration',
    who: 'slack',
    rows: {
      team_added_to_org: [
        'The workspace is being moved into an organisation; sending resumes afterwards.',
        'Wait for Slack to finish the move, then run the connection test again.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'hours_later',
    stops: 'integration',
    who: 'slack_admin',
    rows: {
      org_login_required: [
        'The workspace is being moved into an organisation, and nobody can use it until that is done.',
        'Ask a Slack admin how the move stands, then run the connection test again.',
      ],
      message_limit_exceeded: [
        'The workspace has used up the messages its plan allows.',
        'Ask a workspace owner to review the plan.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'hours_later',
    stops: 'destination',
    who: 'slack',
    rows: {
      external_channel_migrating: [
        'The channel shared with another organisation is being moved; sending resumes afterwards.',
        'Wait for Slack to finish the move.',
      ],
    },
  },

  // The credential is dead, wrong or of another kind.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'credential',
    who: 'app_admin',
    rows: {
      invalid_auth: [
        'Slack rejects this token: it is wrong or revoked, or this server is not on the list of addresses the app allows.',
        'Copy the token from the app settings again, and check the allowed IP addresses on the same page.',
        { page: 'oauth', field: 'botToken' },
      ],
      not_authed: ['No token reached Slack.', 'Enter the bot token and save it.', { page: 'oauth', field: 'botToken' }],
      account_inactive: [
        'The bot was deactivated, the app was removed, or the workspace was closed.',
        'Install the app to the workspace again and paste the new bot token.',
        { page: 'install', field: 'botToken' },
      ],
      token_revoked: [
        'The token was revoked, which also happens when the app is removed from the workspace.',
        'Install the app to the workspace again and paste the new bot token.',
        { page: 'install', field: 'botToken' },
      ],
      token_expired: [
        'The token has run out, because the app renews its tokens every 12 hours.',
        'Connect the app again to get a token that is still valid.',
        { page: 'install', field: 'botToken' },
      ],
      invalid_refresh_token: [
        'The token that renews the bot token was used already or was revoked.',
        'Connect the app again to get a fresh pair of tokens.',
        { page: 'install', field: 'botToken' },
      ],
      not_allowed_token_type: [
        'The token is genuine and of the wrong kind for this request.',
        'Put the bot token (xoxb) into the bot field and the app-level token (xapp) into the app-level field.',
        { page: 'oauth', field: 'botToken' },
      ],
      is_bot: [
        'This request needs the token of a person, and a bot token was sent.',
        'Leave this to a token that belongs to a person (xoxp), or switch the feature off.',
        { page: 'oauth' },
      ],
      not_bearer_token: [
        'The value sent to Slack is not a token.',
        'Copy the bot token from the app settings again.',
        { page: 'oauth', field: 'botToken' },
      ],
      token_already_exchanged: [
        'This long-lived token was already exchanged for one that renews itself.',
        'Connect the app again to get a token that is still valid.',
        { page: 'install', field: 'botToken' },
      ],
      user_removed_from_team: [
        'The person or bot behind the token is no longer in the workspace.',
        'Install the app to the workspace again and paste the new bot token.',
        { page: 'install', field: 'botToken' },
      ],
      bad_client_secret: [
        'The client secret does not belong to the client ID.',
        'Show the client secret under Basic Information and copy it again.',
        { page: 'general', field: 'clientSecret' },
      ],
      invalid_client_id: [
        'Slack does not know this client ID.',
        'Copy the client ID from Basic Information again.',
        { page: 'general', field: 'clientId' },
      ],
      client_id_token_mismatch: [
        'The client ID and the token belong to different apps.',
        'Copy the client ID and the bot token from the pages of the same app.',
        { page: 'general', field: 'clientId' },
      ],
    },
  },
  {
    from: ['webhook'],
    retry: 'never',
    stops: 'destination',
    who: 'app_admin',
    rows: {
      invalid_token: [
        'The last part of the webhook URL is wrong, or Slack no longer accepts it.',
        'Add a new webhook to the channel, paste its URL, and resume the destination if it is paused.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
      no_service: [
        'The webhook was removed or switched off.',
        'Add a new webhook to the channel, paste its URL, and resume the destination if it is paused.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
      no_service_id: [
        'The middle part of the webhook URL, which begins with B, is missing or wrong.',
        'Copy the whole webhook URL again.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
      no_team: [
        'The first part of the webhook URL, which begins with T, is missing or wrong.',
        'Copy the whole webhook URL again.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
      no_active_hooks: [
        'Incoming webhooks are switched off for the app.',
        'Switch incoming webhooks on in the app settings, then add a new webhook.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
    },
  },
  {
    from: ['web_api', 'webhook'],
    retry: 'never',
    stops: 'integration',
    who: 'slack_admin',
    rows: {
      team_disabled: [
        'The workspace is no longer active.',
        'Ask a workspace owner to bring it back, or connect another workspace.',
      ],
    },
  },

  // The app may not do this.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'destination',
    who: 'app_admin',
    rows: {
      missing_scope: [
        'The token lacks a permission, which Slack calls a scope, that this request needs.',
        'Add the scope named as needed under OAuth & Permissions, then install the app again so that it takes effect.',
        { page: 'scopes' },
      ],
      no_permission: [
        'The app may not do this in this place.',
        'Invite the bot to the channel, or give the app access to this workspace.',
        { page: 'scopes' },
      ],
      access_denied: [
        'The app has no access to what was asked for.',
        'Invite the bot to the channel, or give the app access to this workspace.',
        { page: 'scopes' },
      ],
      no_access: [
        'The app has no access to what was asked for.',
        'Invite the bot to the channel, or give the app access to this workspace.',
        { page: 'scopes' },
      ],
      messages_tab_disabled: [
        'The app takes no direct messages, because its Messages tab is switched off.',
        'Switch the Messages tab on under App Home.',
        { page: 'app_home' },
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'integration',
    who: 'slack_admin',
    rows: {
      team_access_not_granted: [
        'The app is installed for the organisation and was not given access to this workspace.',
        'Ask an organisation admin to add the app to this workspace.',
      ],
      accesslimited: [
        'A policy of the workspace limits what this app may reach.',
        'Ask a Slack admin to allow the app.',
      ],
      two_factor_setup_required: [
        'The workspace asks for two-factor sign-in, and the person who installed the app has not set it up.',
        'Ask that person to set up two-factor sign-in, or let somebody else install the app.',
        { page: 'install' },
      ],
      app_access_restricted: [
        'The workspace restricts which apps may be used, and this app is not among them.',
        'Ask a Slack admin to approve the app.',
      ],
      ekm_access_denied: [
        'The organisation holds its own encryption keys and has suspended posting.',
        'Ask the Slack admins who manage the encryption keys.',
      ],
      enterprise_is_restricted: [
        'A policy of the organisation blocks this request.',
        'Ask an organisation admin to allow the app.',
      ],
      forbidden_team: [
        'The workspace does not allow this app to open a connection.',
        'Ask a Slack admin to approve the app.',
      ],
      not_admin: ['Only a Slack admin may do this.', 'Ask a Slack admin to do it, or to install the app.'],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'slack_admin',
    rows: {
      restricted_action_thread_only_channel: [
        'This channel only takes replies inside threads.',
        'Send this notification as a thread reply, or choose another channel.',
      ],
      restricted_action_non_threadable_channel: [
        'This channel does not take thread replies.',
        'Send this notification as a message of its own.',
      ],
      restricted_action_thread_locked: [
        'The thread was locked by an admin.',
        'Ask an admin to unlock the thread, or start a new one.',
      ],
      as_user_not_supported: ['This kind of token may not post in the name of a person.', 'Send as the app instead.'],
      send_on_behalf_not_allowed: [
        'The workspace does not let this app post in the name of a person.',
        'Send as the app instead.',
      ],
      slack_connect_canvas_sharing_blocked: [
        'An admin does not allow this content in channels shared with other organisations.',
        'Leave the content out, or choose a channel that is not shared.',
      ],
      slack_connect_file_link_sharing_blocked: [
        'An admin does not allow Slack files in channels shared with other organisations.',
        'Leave the file out, or choose a channel that is not shared.',
      ],
      slack_connect_file_upload_sharing_blocked: [
        'An admin does not allow uploads to channels shared with other organisations.',
        'Leave the file out, or choose a channel that is not shared.',
      ],
      slack_connect_clip_sharing_blocked: [
        'An admin does not allow clips in channels shared with other organisations.',
        'Leave the clip out, or choose a channel that is not shared.',
      ],
      slack_connect_lists_sharing_blocked: [
        'An admin does not allow lists in channels shared with other organisations.',
        'Leave the list out, or choose a channel that is not shared.',
      ],
      file_uploads_disabled: [
        'Uploads are switched off in this workspace.',
        'Ask a Slack admin to allow uploads, or send a link.',
      ],
      file_uploads_except_images_disabled: [
        'This workspace takes pictures and no other files.',
        'Ask a Slack admin to allow the file type, or send a link.',
      ],
      storage_limit_reached: [
        'The workspace has no room left for files.',
        'Ask a workspace owner to free storage, or send a link.',
      ],
      plan_upgrade_required: [
        'Slack offers this on paid plans only, and this workspace has a free one.',
        'Do without, as by naming people one by one in place of a user group.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'app_admin',
    rows: {
      metadata_must_be_sent_from_app: [
        'Only the token of an app may attach hidden data to a message.',
        'Use the bot token of the app.',
        { page: 'oauth', field: 'botToken' },
      ],
      socket_mode_not_enabled: [
        'Socket Mode, which lets Slack reach this server without a public address, is switched off for the app.',
        'Switch Socket Mode on in the app settings.',
        { page: 'socket_mode' },
      ],
      not_enabled: [
        'The Home tab of the app is switched off.',
        'Switch the Home tab on under App Home.',
        { page: 'app_home' },
      ],
    },
  },

  // The place the message should go to.
  {
    from: ['web_api', 'webhook'],
    retry: 'never',
    stops: 'destination',
    who: 'channel_member',
    rows: {
      channel_not_found: [
        'The channel is gone, or it is private and the bot is not in it: Slack gives the same answer for both.',
        'Invite the bot in the channel with /invite, or choose another channel.',
      ],
      channel_is_archived: [
        'The channel is archived.',
        'Unarchive the channel and invite the bot again, or choose another channel.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'destination',
    who: 'channel_member',
    rows: {
      not_in_channel: ['The bot is not a member of this channel.', 'Invite the bot in the channel with /invite.'],
      is_archived: [
        'The channel is archived.',
        'Unarchive the channel and invite the bot again, or choose another channel.',
      ],
      is_inactive: [
        'The channel is frozen or archived.',
        'Unarchive the channel and invite the bot again, or choose another channel.',
      ],
      channel_is_limited_access: [
        'Only certain people may enter this channel, and the bot is not one of them.',
        'Ask a manager of the channel to let the bot in, or choose another channel.',
      ],
      invalid_channel: [
        'Slack does not take this value as a channel.',
        'Choose the channel from the list, so that its ID is stored.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'destination',
    who: 'slack_admin',
    rows: {
      restricted_action: [
        'A workspace preference keeps the app from posting in this channel.',
        'Ask a Slack admin to let the app post there, or choose another channel.',
      ],
      restricted_action_read_only_channel: [
        'Only certain people may post in this channel.',
        'Ask a Slack admin to let the app post there, or choose another channel.',
      ],
      posting_to_channel_denied: [
        'The app may not post in this channel.',
        'Ask a Slack admin to let the app post there, or choose another channel.',
      ],
      too_many_members: [
        'The channel has too many members for the bot to join.',
        'Ask a Slack admin, or choose another channel.',
      ],
    },
  },
  {
    from: ['web_api', 'webhook'],
    retry: 'never',
    stops: 'destination',
    who: 'slack_admin',
    rows: {
      posting_to_general_channel_denied: [
        'Posting in the general channel is restricted, and neither the app nor the owner of the webhook may do it.',
        'Ask a Slack admin to allow it, or choose another channel.',
      ],
    },
  },
  {
    from: ['webhook'],
    retry: 'never',
    stops: 'destination',
    who: 'slack_admin',
    rows: {
      action_prohibited: [
        'A Slack admin has put a restriction on this webhook or its channel.',
        'Ask a Slack admin to lift the restriction, or add a webhook to another channel.',
      ],
    },
  },
  {
    from: ['web_api', 'webhook'],
    retry: 'never',
    stops: 'destination',
    who: 'operator',
    rows: {
      user_not_found: [
        'Slack does not know this person, or the app may not see them.',
        'Choose the person again, by e-mail address or member ID.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'destination',
    who: 'operator',
    rows: {
      users_not_found: [
        'Nobody in this workspace has this e-mail address, or their account is deactivated.',
        'Check the address, which must be the one the person uses in Slack.',
      ],
      user_disabled: ['The account of this person is deactivated.', 'Choose somebody else.'],
      user_not_visible: [
        'The app may not see this person.',
        'Choose somebody else, or ask a Slack admin to make the person visible to the app.',
      ],
      method_not_supported_for_channel_type: [
        'Slack does not offer this for this kind of conversation.',
        'Choose a public channel, or invite the bot by hand.',
      ],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      user_not_in_channel: [
        'A message that only this person would see cannot be shown, because they are not in the channel.',
        'Invite the person to the channel, or send the message to them directly.',
      ],
      team_not_found: [
        'An organisation-wide token cannot find the channel by its name, or the workspace does not exist.',
        'Choose the channel from the list, so that its ID is used.',
      ],
      message_not_found: [
        'The message that this one belongs to is gone.',
        'Leave it to run: Switchboard posts a new message instead.',
      ],
      thread_not_found: [
        'The thread that this reply belongs to is gone.',
        'Leave it to run: Switchboard posts a new message instead.',
      ],
      cannot_reply_to_message: [
        'The message cannot be answered in a thread.',
        'Leave it to run: Switchboard posts a new message instead.',
      ],
      cant_update_message: [
        'The message was posted by somebody else, so the app may not change it.',
        'Leave it to run: Switchboard posts a new message instead.',
      ],
      cant_delete_message: ['The app may not delete this message.', 'Delete the message in Slack by hand.'],
      edit_window_closed: [
        'The workspace lets messages be changed for a while only, and that time is over.',
        'Leave it to run: Switchboard posts a new message instead.',
      ],
      bad_timestamp: [
        'The message to react to was named in a form that Slack does not read.',
        'Send the notification again.',
      ],
      invalid_name: ['The workspace has no emoji of this name.', 'Correct the emoji in the notification type.'],
      too_many_reactions: [
        'The message has as many reactions as Slack allows.',
        'Use a reaction that is on the message already.',
      ],
      too_many_emoji: [
        'The message has as many different emoji as Slack allows.',
        'Use an emoji that is on the message already.',
      ],
      file_upload_size_restricted: [
        'The file is larger than the workspace allows.',
        'Send a smaller file, or a link to it.',
      ],
      file_type_not_allowed: [
        'The workspace does not take files of this type.',
        'Send another file type, or a link to the file.',
      ],
      file_not_found: ['The file is gone, or the app may not see it.', 'Send the file again.'],
      time_in_past: ['The time at which Slack should post the message is over.', 'Choose a later time.'],
      time_too_far: [
        'The time at which Slack should post the message is more than 120 days away.',
        'Choose an earlier time.',
      ],
      restricted_too_many: [
        'Too many messages are scheduled for this channel around that time.',
        'Choose another time.',
      ],
    },
  },

  // What the message is made of.
  {
    from: ['web_api', 'webhook'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      invalid_blocks: [
        'Slack does not accept the layout of the message.',
        'Correct the part of the template that the details name, or send the message as plain text.',
      ],
      invalid_blocks_format: [
        'The layout of the message is not a list of blocks.',
        'Correct the template so that its blocks form a list.',
      ],
      no_text: ['The message is empty.', 'Give the message a text.'],
      too_many_attachments: ['The message has more than 100 attachments.', 'Split the message, or use blocks instead.'],
    },
  },
  {
    from: ['webhook'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      invalid_payload: [
        'The webhook could not read the message.',
        'Correct the template, or send the message as plain text.',
      ],
      missing_text_or_fallback_or_attachments: ['The message is empty.', 'Give the message a text.'],
    },
  },
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      msg_too_long: [
        'The text of the message is longer than Slack allows.',
        'Shorten the text, or put the long part behind a link.',
      ],
      msg_blocks_too_long: [
        'The blocks of the message hold more text than Slack allows for all of them together, about 12,000 characters.',
        'Shorten the message, or split it in two.',
      ],
      invalid_attachments: [
        'Slack does not accept the attachments of the message.',
        'Correct the attachments in the template, or use blocks instead.',
      ],
      attachment_payload_limit_exceeded: [
        'The attachments of the message are too large.',
        'Shorten the attachments, or split the message.',
      ],
      too_many_contact_cards: ['The message has more than 10 contact cards.', 'Leave some of the contact cards out.'],
      markdown_text_conflict: [
        'The message gives its text twice, once as Markdown and once otherwise.',
        'Keep one of the two in the template.',
      ],
      invalid_metadata_format: [
        'The hidden data that goes with the message is not in a form Slack takes.',
        'Correct the metadata of the template, or leave it out.',
      ],
      invalid_metadata_schema: [
        'The hidden data that goes with the message does not fit what the app declared.',
        'Correct the metadata of the template, or leave it out.',
      ],
      metadata_too_large: [
        'The hidden data that goes with the message is too large.',
        'Shorten the metadata of the template.',
      ],
      block_mismatch: [
        'The blocks of the changed message do not fit the message that is there.',
        'Send the notification as a new message.',
      ],
      invalid_view: [
        'Slack does not accept the layout of the dialog.',
        'Correct the part of the dialog that the details name.',
      ],
      view_too_large: ['The dialog is larger than Slack allows.', 'Shorten the dialog.'],
      invalid_manifest: [
        'Slack does not accept the manifest, which is the description of the app.',
        'Correct the part that the details name, then create the app again.',
        { page: 'manifest' },
      ],
    },
  },

  // The person clicked, and the answer came too late.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'nobody',
    rows: {
      expired_trigger_id: [
        'The click came more than three seconds ago, and Slack opens nothing after that.',
        'Click again.',
      ],
      exchanged_trigger_id: ['This click was used already.', 'Click again.'],
      invalid_trigger_id: ['Slack does not know the click that this belongs to.', 'Click again.'],
      trigger_expired: [
        'The click came more than three seconds ago, and Slack opens nothing after that.',
        'Click again.',
      ],
      trigger_exchanged: ['This click was used already.', 'Click again.'],
    },
  },

  // Connecting the app.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'app_admin',
    rows: {
      invalid_code: [
        'Slack knows the client ID and the client secret, and does not accept the one-time code that came with them.',
        'Start the installation again, because a code works once and for ten minutes.',
        { page: 'install' },
      ],
      bad_redirect_uri: [
        'The address Slack should return to is not among those the app allows.',
        'Add the address of this server under Redirect URLs.',
        { page: 'oauth' },
      ],
      oauth_authorization_url_mismatch: [
        'The installation was started on another kind of Slack page than the one that finished it.',
        'Start the installation again from here.',
        { page: 'install' },
      ],
      no_scopes: [
        'The app asks for no permission at all, so there is nothing to install.',
        'Add the scopes that your features need under OAuth & Permissions.',
        { page: 'scopes' },
      ],
      cannot_install_an_org_installed_app: [
        'The app is already installed for the whole organisation.',
        'Use the token of the organisation, or ask an organisation admin to add this workspace.',
        { page: 'install' },
      ],
      invalid_team_for_non_distributed_app: [
        'The app belongs to another workspace and may be installed in that one only.',
        'Create the app in this workspace, or let it be distributed.',
        { page: 'install' },
      ],
      invalid_scope: [
        'The app asks for a permission that Slack does not have.',
        'Remove the scope that Slack does not know.',
        { page: 'scopes' },
      ],
      unapproved_scope: [
        'The workspace has not approved one of the permissions the app asks for.',
        'Ask a Slack admin to approve it, or switch off the feature that needs it.',
        { page: 'scopes' },
      ],
      scope_not_allowed_on_enterprise: [
        'One of the permissions the app asks for is not available to organisations.',
        'Switch off the feature that needs it.',
        { page: 'scopes' },
      ],
      user_email_unverified: [
        'The person who installs the app has not confirmed their e-mail address in Slack.',
        'Confirm the address in Slack, then install the app again.',
        { page: 'install' },
      ],
      app_not_found: [
        'Slack does not know this app, or it belongs to somebody else.',
        'Check the app ID, and that you are a collaborator of the app.',
        { page: 'collaborators', field: 'appId' },
      ],
      link_disabled: [
        'Socket Mode, which lets Slack reach this server without a public address, was switched off for the app.',
        'Switch Socket Mode on in the app settings.',
        { page: 'socket_mode' },
      ],
      too_many_websockets: [
        'The app has ten connections open, which is as many as Slack allows.',
        'Stop the other programs that use this app-level token.',
        { page: 'app_tokens', field: 'appToken' },
      ],
    },
  },

  // Our own mistakes, and requests Slack no longer offers.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'message',
    who: 'switchboard',
    rows: {
      ...ourFault({
        invalid_arguments: 'Switchboard sent Slack a request with a value it does not accept.',
        invalid_arg_name: 'Switchboard sent Slack a request with a field it does not accept.',
        invalid_array_arg: 'Switchboard sent Slack a list where it does not accept one.',
        missing_argument: 'Switchboard left out a value that Slack needs.',
        missing_args: 'Switchboard left out a value that Slack needs.',
        invalid_charset: 'Switchboard sent a request in an alphabet that Slack does not read.',
        invalid_form_data: 'Switchboard sent a form that Slack could not read.',
        invalid_json: 'Switchboard sent a request that Slack could not read.',
        json_not_object: 'Switchboard sent a request that Slack could not read.',
        invalid_post_type: 'Switchboard sent a request in a form that Slack does not accept.',
        missing_post_type: 'Switchboard sent a request without saying in which form.',
        insecure_request: 'Switchboard sent a token in a way that Slack does not accept.',
        invalid_grant_type: 'Switchboard asked for a token in a way that Slack does not know.',
        invalid_cursor: 'Switchboard asked for the next page of a list that Slack no longer holds.',
        invalid_limit: 'Switchboard asked for more items at once than Slack gives.',
        limit_required: 'Switchboard asked for a list without saying how many items it wants.',
        invalid_types: 'Switchboard asked for a kind of channel that Slack does not know.',
        invalid_ts_latest: 'Switchboard asked for messages up to a time that Slack does not read.',
        invalid_ts_oldest: 'Switchboard asked for messages from a time that Slack does not read.',
        users_list_not_supplied: 'Switchboard opened a conversation without naming a person.',
        no_item_specified: 'Switchboard added a reaction without naming the message.',
        duplicate_external_id: 'Switchboard used the same name for two dialogs.',
        push_limit_reached: 'Switchboard opened more dialogs on top of each other than Slack allows.',
      }),
      ...outOfDate({
        unknown_method: 'The address this server uses for Slack does not know the request.',
        method_deprecated: 'Slack no longer offers this request.',
        deprecated_endpoint: 'Slack no longer offers this request.',
      }),
    },
  },

  // Bare statuses, for answers whose body says nothing we know.
  {
    from: ['http'],
    retry: 'never',
    stops: 'message',
    who: 'operator',
    rows: {
      http_400: [
        'The request was refused without a reason that Switchboard knows.',
        'Look at the details, and check whether a proxy in between changes requests.',
      ],
      http_405: [
        'Whoever answers at this address does not take messages.',
        'Check the address this server uses for Slack.',
      ],
      http_413: [
        'The message is larger than Slack, or a proxy in between, lets through.',
        'Shorten the message or send a smaller file.',
      ],
    },
  },
  {
    from: ['http'],
    retry: 'backoff',
    stops: 'nothing',
    who: 'operator',
    rows: {
      http_408: [
        'The request did not reach Slack completely in time.',
        'Check the proxy or firewall between this server and Slack for one that cuts requests off.',
      ],
    },
  },
  {
    from: ['http'],
    retry: 'never',
    stops: 'destination',
    who: 'operator',
    rows: {
      http_401: [
        'Something between this server and Slack asks for a sign-in, which Slack itself does in another way.',
        'Check the address this server uses for Slack and the proxy in between.',
      ],
      http_403: [
        'The request was forbidden without a reason that Switchboard knows.',
        'Check that the webhook still exists, and that no proxy in between blocks Slack.',
      ],
      http_404: [
        'There is nothing at this address.',
        'Check that the webhook still exists, and that the address this server uses for Slack is right.',
      ],
      http_410: [
        'What was at this address was removed for good.',
        'Add a new webhook to the channel, paste its URL, and resume the destination if it is paused.',
        { page: 'webhooks', field: 'webhookUrl' },
      ],
    },
  },

  // Said as an error, and yet all is well.
  {
    from: ['web_api'],
    retry: 'never',
    stops: 'nothing',
    who: 'nobody',
    rows: {
      already_reacted: ['The reaction is on the message already, so all is well.', 'Do nothing.'],
      already_in_channel: ['The bot is in the channel already, so all is well.', 'Do nothing.'],
      message_truncated: [
        'Slack posted the message and cut its text at 40,000 characters.',
        'Shorten the text, or put the long part behind a link.',
      ],
      missing_charset: ['Slack took the request and missed a word about its alphabet, so all is well.', 'Do nothing.'],
      superfluous_charset: [
        'Slack took the request and needed less said about its alphabet, so all is well.',
        'Do nothing.',
      ],
    },
  },
]

function ourFault(meanings: Record<string, string>): Record<string, Row> {
  const fix = 'Report this with the request ID: it is a fault of Switchboard, not of your settings.'
  return Object.fromEntries(Object.entries(meanings).map(([code, meaning]) => [code, [meaning, fix] as const]))
}

function outOfDate(meanings: Record<string, string>): Record<string, Row> {
  const fix = 'Check the address this server uses for Slack, and update Switchboard if it is right.'
  return Object.fromEntries(Object.entries(meanings).map(([code, meaning]) => [code, [meaning, fix] as const]))
}

/** Every code we know, once each. */
export const slackCodes: readonly SlackCode[] = groups.flatMap(({ rows, ...policy }) =>
  Object.entries(rows).map(([code, [meaning, fix, where]]) => ({ code, ...policy, meaning, fix, ...where })),
)

const byCode = new Map(slackCodes.map((row) => [row.code, row]))
