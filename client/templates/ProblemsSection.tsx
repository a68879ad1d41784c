import type { SourceProblem } from '../../shared/templates.ts'
import { plural } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StateIcon, StatePill } from '../ui/StatePill.tsx'
import classes from './templates.module.css'

type Props = { problems: readonly SourceProblem[]; isPending: boolean; onShow: (problem: SourceProblem) => void }

/** What is wrong with a template, and what could go wrong with other data, each with its line. */
export function ProblemsSection({ problems, isPending, onShow }: Props) {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const note = [
    errors > 0 && plural(errors, 'error'),
    problems.length > errors && plural(problems.length - errors, 'warning'),
  ]
  return (
    <Section title="Problems" note={note.filter(Boolean).join(', ')}>
      {isPending ? (
        <RowsSkeleton rows={3} />
      ) : problems.length === 0 ? (
        <div aria-live="polite">
          <StatePill tone="ok">Fits Slack, whatever the data</StatePill>
        </div>
      ) : (
        <ol className={classes.problems} aria-label="Problems">
          {problems.map((problem) => (
            <li key={`${problem.start} ${problem.message}`}>
              <StateIcon tone={problem.severity === 'error' ? 'bad' : 'warn'} />
              <div>
                <p>
                  <button type="button" className={classes.line} onClick={() => onShow(problem)}>
                    Line {problem.line}
                  </button>{' '}
                  {problem.message}
                </p>
                {problem.fix && <p className={classes.meta}>{problem.fix}</p>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
