import { describe, expect, test } from 'vitest'
import { isKnownSlackCode, slackCode, slackCodes, slackFixerNames } from '../../shared/slack-codes.ts'
import { slackLink } from '../../shared/slack-links.ts'

const words = (text: string) => text.split(/\s+/).filter(Boolean)

/** What Slack documents, and what the network says on the way there. */
const documented = words(`
  ratelimited rate_limited service_unavailable rollup_error internal_error fatal_error request_timeout team_added_to_org
  org_login_required external_channel_migrating message_limit_exceeded token_expired invalid_auth not_authed
  account_inactive token_revoked invalid_refresh_token bad_client_secret invalid_client_id not_allowed_token_type is_bot
  missing_scope no_permission access_denied team_access_not_granted accesslimited two_factor_setup_required
  app_access_restricted ekm_access_denied enterprise_is_restricted channel_not_found not_in_channel is_archived
  channel_is_archived is_inactive restricted_action restricted_action_read_only_channel
  restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked
  posting_to_general_channel_denied messages_tab_disabled user_not_found users_not_found user_disabled user_not_visible
  user_not_in_channel team_not_found message_not_found thread_not_found cannot_reply_to_message cant_update_message
  edit_window_closed invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long msg_too_long no_text
  too_many_attachments attachment_payload_limit_exceeded markdown_text_conflict invalid_metadata_format
  invalid_metadata_schema metadata_too_large invalid_payload invalid_arguments invalid_arg_name invalid_array_arg
  missing_argument invalid_charset invalid_form_data invalid_json json_not_object invalid_post_type missing_post_type
  unknown_method method_deprecated deprecated_endpoint already_reacted already_in_channel hash_conflict
  expired_trigger_id exchanged_trigger_id trigger_expired trigger_exchanged metadata_must_be_sent_from_app
  as_user_not_supported send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked
  slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked

  missing_text_or_fallback_or_attachments action_prohibited invalid_token no_service no_service_id no_active_hooks
  no_team team_disabled

  http_400 http_401 http_403 http_404 http_408 http_410 http_413 http_429 http_500 http_502 http_503 http_504

  ENOTFOUND EAI_AGAIN ECONNREFUSED ECONNRESET ETIMEDOUT CERT_HAS_EXPIRED SELF_SIGNED_CERT_IN_CHAIN
  UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID EPROTO UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT
  UND_ERR_BODY_TIMEOUT UND_ERR_SOCKET proxy_refused proxy_auth_required redirected not_json timeout
`)

describe('the table of Slack codes', () => {
  test.each(documented)('knows %s', (code) => {
    expect(isKnownSlackCode(code)).toBe(true)
    expect(slackCode(code).code).toBe(code)
  })

  test('has each code once', () => {
    const codes = slackCodes.map((row) => row.code)

    expect(codes.length).toBeGreaterThanOrEqual(75)
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
  })

  test.each(slackCodes)('says $code in two plain sentences', (row) => {
    for (const sentence of [row.meaning, row.fix]) {
      expect(sentence).toMatch(/^[A-Z][^!?\n]*\.$/)
      expect(sentence).not.toMatch(/\. | {2}|\b(please|sorry|oops|failed to|you must|simply|TODO)\b/i)
      expect(sentence.length).toBeLessThanOrEqual(160)
    }
    expect(row.meaning).not.toBe(row.fix)
    expect(row.meaning).not.toContain(row.code)
    expect(row.from.length).toBeGreaterThan(0)
    expect(slackFixerNames[row.who]).toMatch(/^[A-Z]/)
    if (row.page) expect(slackLink(row.page, 'A0123456789')).toMatch(/^https:\/\//)
  })

  test.each(slackCodes)('gives $code a policy that agrees with itself', (row) => {
    if (row.retry === 'after_wait' || row.retry === 'backoff' || row.retry === 'look_first') {
      expect(row.stops).toBe('nothing')
    }
    if (row.stops === 'credential') expect(row.retry).toBe('never')
    if (row.retry === 'hours_later') expect(row.stops).toMatch(/^(destination|integration)$/)
    if (row.who === 'switchboard') expect(row.fix).toMatch(/Switchboard/)
  })

  test.each([
    ['ratelimited', 'after_wait', 'nothing'],
    ['rate_limited', 'after_wait', 'nothing'],
    ['http_503', 'backoff', 'nothing'],
    ['http_500', 'look_first', 'nothing'],
    ['fatal_error', 'look_first', 'nothing'],
    ['ECONNRESET', 'look_first', 'nothing'],
    ['ECONNREFUSED', 'backoff', 'nothing'],
    ['team_added_to_org', 'hours_later', 'integration'],
    ['token_revoked', 'never', 'credential'],
    ['no_service', 'never', 'destination'],
    ['channel_not_found', 'never', 'destination'],
    ['invalid_blocks', 'never', 'message'],
    ['already_reacted', 'never', 'nothing'],
  ])('%s is tried again: %s, and stops: %s', (code, retry, stops) => {
    expect(slackCode(code)).toMatchObject({ retry, stops })
  })

  test('a channel that is not found may be a private one without the bot', () => {
    expect(slackCode('channel_not_found').meaning).toContain('private')
    expect(slackCode('channel_not_found').fix).toContain('/invite')
  })

  test.each([
    ['bad_client_secret', 'clientSecret'],
    ['invalid_client_id', 'clientId'],
    ['invalid_auth', 'botToken'],
    ['no_service', 'webhookUrl'],
  ])('%s blames the field %s', (code, field) => {
    expect(slackCode(code).field).toBe(field)
  })
})

describe('a code without a row', () => {
  test('is quoted, and never tried again', () => {
    const row = slackCode('brand_new_error')

    expect(row).toMatchObject({ code: 'brand_new_error', retry: 'never', stops: 'message' })
    expect(row.meaning).toContain('"brand_new_error"')
    expect(row.fix).toContain('request ID')
    expect(isKnownSlackCode('brand_new_error')).toBe(false)
  })

  test('is cut when it is a page of text', () => {
    expect(slackCode('<html>'.repeat(1000)).meaning.length).toBeLessThan(200)
  })

  test.each([
    ['http_302', 'backoff'],
    ['http_418', 'never'],
    ['http_520', 'look_first'],
    ['slack_connect_anything_new_blocked', 'never'],
  ])('%s takes after its family', (code, retry) => {
    expect(slackCode(code)).toMatchObject({ code, retry })
    expect(slackCode(code).meaning).not.toContain(code)
  })

  test.each(['constructor', '__proto__', 'toString', ''])('may be called %j', (code) => {
    expect(slackCode(code)).toMatchObject({ code, retry: 'never', stops: 'message' })
  })
})
