import type { Rate } from '../provider.ts'

/**
 * The pace Slack allows (docs.slack.dev/apis/web-api/rate-limits). Slack names no burst, and a bucket that held all of a
 * minute could let nearly twice the tier through within one, so a burst stays a little under the allowance.
 */

/** "1 message per second per channel", with "short bursts" allowed; a webhook belongs to one channel. */
const POSTING: Rate = { burst: 2, perMinute: 60 }

const TIER_2: Rate = { burst: 18, perMinute: 20 }
const TIER_3: Rate = { burst: 46, perMinute: 50 }
const TIER_4: Rate = { burst: 94, perMinute: 100 }
/** "Several hundred messages per minute" for a workspace, "hundreds per minute" for the others. */
const SPECIAL: Rate = { burst: 280, perMinute: 300 }

export const rates: { conversation: Rate; webhook: Rate; methods: Record<string, Rate> } = {
  conversation: POSTING,
  webhook: POSTING,
  // The tier stands on each method's own page in Slack's reference.
  methods: {
    'auth.test': SPECIAL,
    'chat.postMessage': SPECIAL,
    'chat.getPermalink': SPECIAL,
    'chat.update': TIER_3,
    'chat.delete': TIER_3,
    'conversations.list': TIER_2,
    'conversations.info': TIER_3,
    'conversations.join': TIER_3,
    'conversations.open': TIER_3,
    'conversations.history': TIER_3,
    'conversations.replies': TIER_3,
    'users.list': TIER_2,
    'usergroups.list': TIER_2,
    'users.info': TIER_4,
    'users.lookupByEmail': TIER_3,
    'files.getUploadURLExternal': TIER_4,
    'files.completeUploadExternal': TIER_4,
    'files.info': TIER_4,
  },
}
