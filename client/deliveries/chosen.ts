import { useState } from 'react'

type Chosen = { filterKey: string; keys: ReadonlySet<string>; isAll: boolean }
const NONE: ReadonlySet<string> = new Set()

/** Which deliveries are chosen. Another filter begins anew, and what left the list is chosen no more: nothing unseen is acted on. */
export function useChosen(filter: object, loaded: readonly { id: string }[]) {
  const filterKey = JSON.stringify(filter)
  const [chosen, setChosen] = useState<Chosen>({ filterKey, keys: NONE, isAll: false })
  const { keys, isAll } = chosen.filterKey === filterKey ? chosen : { keys: NONE, isAll: false }
  const set = (next: ReadonlySet<string>, all = false) => setChosen({ filterKey, keys: next, isAll: all })
  return {
    isAll,
    keys: new Set(loaded.map(({ id }) => id).filter((id) => isAll || keys.has(id))),
    onChange: (next: ReadonlySet<string>) => set(next),
    chooseAll: () => set(NONE, true),
    clear: () => set(NONE),
  }
}
