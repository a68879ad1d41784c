import { Fragment, type ReactNode } from 'react'
import { tokensOf } from '../../shared/conditions/tokens.ts'
import classes from './condition.module.css'

/** A condition with its words told apart: what it looks at, how, and for which value. */
export function ConditionText({ children }: { children: string }) {
  return <code className={classes.condition}>{coloured(children)}</code>
}

function coloured(condition: string): ReactNode[] {
  const { tokens } = tokensOf(condition)
  return tokens.map((token, at) => {
    const from = tokens[at - 1]?.end ?? 0
    const isPath = tokens[at - 1]?.kind === 'mark' && condition[token.start - 1] === '.'
    const text = condition.slice(token.start, token.end)
    const kind = token.kind === 'word' && !isPath && KEYWORDS.test(text) ? 'keyword' : token.kind
    return (
      <Fragment key={token.start}>
        {condition.slice(from, token.start)}
        <span className={classes[kind]}>{text}</span>
      </Fragment>
    )
  })
}

const KEYWORDS = /^(and|or|not|in|contains|starts|ends|with|matches|exists|is|missing|true|false|null)$/i
