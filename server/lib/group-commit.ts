/**
 * Lets many callers share one commit. Items that arrive while a commit is under way go together into the next one, so
 * the number of fsyncs does not grow with the number of callers. Each caller's promise settles after the commit that
 * held its item: with that item's answer, or with the failure of the whole group. A group weighs at most `most`, or is
 * one item.
 */
export function groupCommit<Item, Answer>(
  commit: (items: Item[]) => Promise<Answer[]>,
  most: number,
  weightOf: (item: Item) => number = () => 1,
): (item: Item) => Promise<Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let committing = false

  const nextGroup = (): Waiting[] => {
    let count = 0
    for (let weight = 0; count < waiting.length; count += 1) {
      weight += weightOf((waiting[count] as Waiting).item)
      if (count > 0 && weight > most) break
    }
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return group
  }

  const commitAll = async () => {
    committing = true
    while (waiting.length > 0) {
      const group = nextGroup()
      try {
        const answers = await commit(group.map(({ item }) => item))
        for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    committing = false
  }

  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Whatever else arrived in this turn of the event loop joins the first group.
      if (!committing) {
        committing = true
        setImmediate(commitAll)
      }
    })
}
