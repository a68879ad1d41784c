import { useState } from 'react'

/**
 * A form over something that others change meanwhile: what was not touched follows them, what was touched is kept, and
 * only that is a change.
 */
export function useEdits<Draft extends object>(saved: Draft) {
  const [edits, setEdits] = useState<Partial<Draft>>({})
  const changes = without(edits, saved)
  return {
    draft: { ...saved, ...edits } as Draft,
    changes,
    isChanged: Object.keys(changes).length > 0,
    set: (part: Partial<Draft>) => setEdits((before) => ({ ...before, ...part })),
    discard: () => setEdits({}),
    /** Once these are saved: what was typed while that was on its way stays. */
    settle: (sent: Partial<Draft>) => setEdits((held) => without(held, sent)),
  }
}

/** The parts that the other does not hold as well. */
function without<Draft extends object>(parts: Partial<Draft>, other: Partial<Draft>): Partial<Draft> {
  const differs = (key: string) =>
    JSON.stringify(parts[key as keyof Draft]) !== JSON.stringify(other[key as keyof Draft])
  return Object.fromEntries(Object.entries(parts).filter(([key]) => differs(key))) as Partial<Draft>
}
