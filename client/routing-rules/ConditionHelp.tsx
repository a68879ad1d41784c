import { useState } from 'react'
import { ConditionText } from './ConditionText.tsx'
import classes from './condition.module.css'

/** The language in short, opened when it is wanted. */
export function ConditionHelp() {
  const [isOpen, setOpen] = useState(false)
  return (
    <div>
      <button type="button" className={classes.opener} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide how conditions are written' : 'How conditions are written'}
      </button>
      {isOpen && <Language />}
    </div>
  )
}

function Language() {
  return (
    <>
      <dl className={classes.help}>
        {LANGUAGE.map(([condition, means]) => (
          <div key={condition} style={{ display: 'contents' }}>
            <dt>
              <ConditionText>{condition}</ConditionText>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.helpLine}>
        A name is looked up in the event, and if it has no such field, in its data. A comparison with a field that is
        missing is false, also with <code>!=</code>; write <code>is missing</code> or put NOT before it. AND binds more
        strongly than OR; brackets decide otherwise.
      </p>
    </>
  )
}

const LANGUAGE = [
  ["severity == 'critical'", 'Exactly this, capitals count; “!=” for anything else'],
  ['days_remaining <= 3', 'Numbers, also when they come as text'],
  ["due < '2026-03-01'", 'Dates; a date without a time is the whole day in UTC'],
  ["category in ['security', 'privacy']", 'One of these; “not in” for none of them'],
  ["tags contains 'gdpr'", 'A list that has it, or a text that has it somewhere'],
  ["title starts with 'Report'", 'Also “ends with”'],
  ["title matches '(?i)rev[0-9]+'", 'A pattern (RE2) found in the text'],
  ["data.owner.team == 'legal'", 'A field within a field'],
  ['url exists', 'The event has it at all; “is missing” for the opposite'],
  ['NOT (true)', 'The opposite; “true” alone is every event'],
] as const
