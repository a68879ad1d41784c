import type { ResolvedMention, ResolvedMentions } from '../../shared/mentions.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './notification-types.module.css'

type Props = {
  words: string[]
  asked: { data: ResolvedMentions | undefined; error: Error | null; refetch: () => void } | undefined
  /** Named where there are several. */
  workspace: string | undefined
}

/** Whom each word calls in one workspace; one that calls nobody says why, and what to do. */
export function MentionResults({ words, asked, workspace }: Props) {
  if (asked?.error) {
    return <ErrorNotice error={asked.error} what="It could not be found out whom these call" onRetry={asked.refetch} />
  }
  const items = asked?.data?.items.filter(({ word }) => words.includes(word)) ?? []
  return (
    <div
      className={classes.mentions}
      role="status"
      aria-label={`Whom the mentions call${workspace ? ` in ${workspace}` : ''}`}
    >
      {workspace && <p className={classes.meta}>{workspace}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.word}>
            <Result item={item} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Result({ item: { word, kind, name, markup, why, fix } }: { item: ResolvedMention }) {
  if (kind === 'unresolved') {
    return (
      <>
        <StatePill tone="warn" size="sm">
          {word} calls nobody
        </StatePill>
        <p className={classes.meta}>
          {why} {fix} Until then it stands in the message as plain text.
        </p>
      </>
    )
  }
  return (
    <StatePill tone="ok" size="sm">
      {word} → {name ?? markup}
      {kind === 'group' && ', a user group'}
    </StatePill>
  )
}
