import type { Priority } from '../../shared/deliveries.ts'

export const priorityWords: Record<Priority, string> = { urgent: 'Urgent', normal: 'Normal', low: 'Low' }
