import type { ConfigurationProblem } from '../../shared/configuration.ts'
import { StateIcon, type Tone } from '../ui/StatePill.tsx'
import { WithCode } from '../ui/WithCode.tsx'
import classes from './configuration.module.css'

type Props = { problems: readonly ConfigurationProblem[]; onLine: (line: number) => void }

const TONES: Readonly<Record<ConfigurationProblem['severity'], Tone>> = { error: 'bad', warning: 'warn', note: 'info' }
const WORDS: Readonly<Record<ConfigurationProblem['severity'], string>> = {
  error: 'Error',
  warning: 'Warning',
  note: 'Note',
}

/** What there is to say of the lines of a file; a press goes to the line. */
export function ProblemList({ problems, onLine }: Props) {
  return (
    <ul className={classes.problems} aria-label="Problems of the file">
      {problems.map((problem) => (
        <li key={`${problem.line}:${problem.column} ${problem.message}`} className={classes.problem}>
          <StateIcon tone={TONES[problem.severity]} />
          <div>
            <p>
              <button type="button" className={classes.line} onClick={() => onLine(problem.line)}>
                {WORDS[problem.severity]}, line {problem.line}, column {problem.column}
              </button>
            </p>
            <p className={classes.name}>
              <WithCode>{problem.message}</WithCode>
            </p>
            {problem.fix && (
              <p className={classes.fix}>
                <WithCode>{problem.fix}</WithCode>
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
