import type { NotificationType } from '../../shared/notification-types.ts'

/** What becomes of a backlog too large to turn at once. */
export const UNDER_WAY: Record<NonNullable<NotificationType['underWay']>, string> = {
  holding: 'What waited is still being set aside. None of it goes out meanwhile.',
  releasing: 'What waited is still being put back in line. It goes out, oldest first, once it is there.',
}
