import { createHash } from 'node:crypto'

const HIDDEN = 'sha256 '

/** A key whose words may not be seen: as good for finding what belongs together. */
export const hiddenKey = (key: string): string => `${HIDDEN}${createHash('sha256').update(key).digest('base64url')}`

/** A key as it may be shown. Of a hidden one not even the hash: from that, a number or a name is soon guessed. */
export const shownKey = (key: string | null): string | null => (key?.startsWith(HIDDEN) ? null : key)
