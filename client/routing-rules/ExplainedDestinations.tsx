import { Link } from 'react-router'
import type { DecidedDestination, Explanation } from '../../shared/routing-rules.ts'
import { formatDayTime } from '../lib/format.ts'
import { TargetLabel } from '../targets/TargetLabel.tsx'
import { Notice } from '../ui/Notice.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { becauseWords, decidedOutcomes, foreseenOutcomes } from './outcome-words.ts'
import { priorityWords } from './priority-words.ts'
import classes from './trials.module.css'

/** Where it goes, because of what, and what came of each; or why it goes nowhere. */
export function ExplainedDestinations({ explanation, isTrial }: { explanation: Explanation; isTrial?: boolean }) {
  const { destinations, nothing, type } = explanation
  return (
    <>
      {nothing && (
        <Notice tone="warn" title={isTrial ? 'It would reach nobody' : 'It reached nobody'}>
          <p>{nothing}</p>
          {type.outcome !== 'not_known' && (
            <p>
              <Link to={`/notifications/types/${encodeURIComponent(type.name)}`}>Set up its type</Link>, or{' '}
              <Link to="/notifications/rules">see the rules and the fallback</Link>.
            </p>
          )}
        </Notice>
      )}
      <ul className={classes.trials} aria-label="Destinations">
        {destinations.map((decided) => (
          <Decided
            key={`${decided.destination.id} ${decided.destination.integrationId}`}
            decided={decided}
            outcomes={isTrial ? foreseenOutcomes : decidedOutcomes}
          />
        ))}
      </ul>
    </>
  )
}

type DecidedProps = { decided: DecidedDestination; outcomes: typeof decidedOutcomes }

function Decided({ decided, outcomes }: DecidedProps) {
  const { destination, because, outcome, reason, code, until, delivery, mentions, priority, template } = decided
  const { tone, shape, word } = outcomes[outcome]
  const unknown = mentions.filter(({ became }) => became === undefined).map(({ asked }) => asked)
  const known = mentions.filter(({ became }) => became !== undefined).map(({ asked }) => asked)
  const facts = [
    `Because of ${because.map(becauseWords).join(', ')}`,
    priority !== 'normal' && `${priorityWords[priority]} priority`,
    known.length > 0 && `mentions ${known.join(', ')}`,
    template !== null && `written by the template ${template}`,
  ]
  return (
    <li className={classes.trial}>
      <div className={classes.trialHead}>
        <span className={classes.place}>
          <TargetLabel destination={destination} />
        </span>
        <StatePill tone={tone} size="sm" {...(shape && { shape })}>
          {word}
        </StatePill>
        {delivery && <Link to={`/deliveries/${delivery.id}`}>Open delivery</Link>}
      </div>
      <p className={classes.meta}>{facts.filter(Boolean).join('; ')}.</p>
      {(reason || code) && (
        <p className={classes.reason}>
          {reason} {code && <code>{code}</code>} {until && `Until ${formatDayTime(until)}.`}
        </p>
      )}
      {decided.templateFailed && (
        <p className={classes.reason}>The standard message stands in for the template: {decided.templateFailed}</p>
      )}
      {decided.callsNobody && (
        <p className={classes.reason}>
          The template calls somebody whom nobody answers to: the name stands there as text.
        </p>
      )}
      {unknown.length > 0 && (
        <p className={classes.reason}>
          Nobody in this workspace answers to {unknown.join(', ')}: posted as plain text.
        </p>
      )}
    </li>
  )
}
