/** Sizes other than a bench's own, for a short look: `npm run bench -- deliveries --messages 1000 --rounds 1`. */
export type BenchOptions = Partial<Record<(typeof optionNames)[number], number>>

export const optionNames = ['messages', 'rounds', 'rows', 'waiting'] as const
