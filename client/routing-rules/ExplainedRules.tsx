import { useState } from 'react'
import { Link } from 'react-router'
import type { Explanation, RuleTrial } from '../../shared/routing-rules.ts'
import { plural } from '../lib/format.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { ConditionParts } from './ConditionParts.tsx'
import { ConditionText } from './ConditionText.tsx'
import { ruleOutcomes } from './outcome-words.ts'
import { RuleAdds } from './RuleAdds.tsx'
import classes from './trials.module.css'

const FEW = 8

/** Every rule that was there, in its order: those that matched at once, the rest when there are few or they are asked for. */
export function ExplainedRules({ rules }: { rules: Explanation['rules'] }) {
  const [showsAll, setShowsAll] = useState(false)
  const matched = rules.filter(({ outcome }) => outcome === 'matched')
  const isLong = rules.length > FEW
  const shown = isLong && !showsAll ? matched : rules
  if (rules.length === 0) {
    return (
      <p className={classes.quiet}>
        No rule was tried. <Link to="/notifications/rules">See the rules</Link>
      </p>
    )
  }
  return (
    <>
      <ol className={classes.trials} aria-label="Rules that were tried">
        {shown.map((trial) => (
          <Trial key={trial.id} trial={trial} />
        ))}
      </ol>
      {isLong && (
        <button
          type="button"
          className={classes.reveal}
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll
            ? 'Show only those that matched'
            : `Show the other ${plural(rules.length - matched.length, 'rule')}`}
        </button>
      )}
    </>
  )
}

function Trial({ trial }: { trial: RuleTrial }) {
  const { tone, shape, word } = ruleOutcomes[trial.outcome]
  return (
    <li className={classes.trial}>
      <div className={classes.trialHead}>
        <Link to={`/notifications/rules/${trial.id}`}>{trial.name}</Link>
        <StatePill tone={tone} size="sm" {...(shape && { shape })}>
          {word}
        </StatePill>
      </div>
      {trial.parts.length !== 1 && <ConditionText>{trial.condition}</ConditionText>}
      {trial.parts.length > 0 && <ConditionParts condition={trial.condition} parts={trial.parts} />}
      {trial.outcome === 'matched' && (
        <div className={classes.added}>
          <RuleAdds rule={trial} />
        </div>
      )}
    </li>
  )
}
