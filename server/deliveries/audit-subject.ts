import type { SavedDelivery } from './store.ts'

/** What the audit trail calls a delivery: not by its words, which are deleted in their time, while the trail stays. */
export const auditSubject = ({ id, destinationName }: Pick<SavedDelivery, 'id' | 'destinationName'>) => ({
  ...{ kind: 'delivery', id },
  name: destinationName === null ? id : `${id} to ${destinationName}`,
})
