import type { Delivery } from '../../shared/deliveries.ts'

/** What the other delivery is to the one that is looked at. */
export const relationWords: Readonly<Record<Delivery['related'][number]['why'], string>> = {
  same_event: 'Of the same event',
  part: 'A part of this message',
  part_of: 'The message that this is a part of',
  folded_into: 'The summary that tells of this one',
  folds: 'Told in this summary',
  duplicate_of: 'The one that this repeats',
  replay: 'Replay of this one',
  replay_of: 'The one that this replays',
  changes: 'The message that this changes',
  changed_by: 'Changes this message',
}
