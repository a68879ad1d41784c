/** Of a whole message. */
export const MOST_BLOCKS = 50
export const MOST_FIELD_TEXT = 2_000
export const MOST_CONTEXT_TEXT = 3_000
/** Slack advises it; what is longer is split. */
export const MOST_NOTIFICATION_TEXT = 4_000
/** Of all blocks together. Slack documents no sum; refusals were seen from 12,000 on, always past 13,200. */
export const MOST_BLOCK_TEXT = 12_000
export const REFUSED_BLOCK_TEXT = 13_200
