import type { ConditionPart } from '../../shared/routing-rules.ts'
import { StateIcon } from '../ui/StatePill.tsx'
import { ConditionText } from './ConditionText.tsx'
import classes from './condition.module.css'
import { partOutcomes } from './outcome-words.ts'

type Props = { condition: string; parts: ConditionPart[] }

/** Each comparison of a condition, how it went, and the value that it saw. */
export function ConditionParts({ condition, parts }: Props) {
  return (
    <ul className={classes.parts} aria-label="Parts of the condition">
      {parts.map((part) => (
        <Part key={part.start} condition={condition} part={part} />
      ))}
    </ul>
  )
}

function Part({ condition, part }: { condition: string; part: ConditionPart }) {
  const { tone, shape, word } = partOutcomes[part.outcome]
  return (
    <li className={classes.part}>
      <StateIcon tone={tone} {...(shape && { shape })} />
      <span>
        <ConditionText>{condition.slice(part.start, part.end)}</ConditionText>{' '}
        <span className={classes.saw}>
          {word}
          {part.withheld ? ', its type does not allow the value to be shown' : sawOf(part)}
        </span>
      </span>
    </li>
  )
}

function sawOf({ saw }: ConditionPart) {
  if (saw === undefined) return null
  return (
    <>
      , was <code>{typeof saw === 'string' ? `'${saw}'` : JSON.stringify(saw)}</code>
    </>
  )
}
