import { Button } from '@mantine/core'
import type { ConfigurationPlan } from '../../shared/configuration.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Section } from '../ui/Section.tsx'
import { ChangeList } from './ChangeList.tsx'
import { countWords, formatWords } from './change-words.ts'
import classes from './configuration.module.css'
import { ProblemList } from './ProblemList.tsx'

type Props = {
  plan: ConfigurationPlan
  onLine: (line: number) => void
  onApply: () => void
  isApplying: boolean
  error: unknown
}

/** What applying the file would do, what there is to say of its lines, and the press that does it. */
export function PlanSection({ plan, onLine, onApply, isApplying, error }: Props) {
  const { counts, problems, format, canApply } = plan
  const told = plan.changes.filter(({ action }) => action !== 'unchanged')
  const toDo = counts.create + counts.change + counts.delete
  const apply = canApply && toDo > 0 && (
    <Button onClick={onApply} loading={isApplying} {...(counts.delete > 0 && { color: 'red' })}>
      {counts.delete > 0 ? `Apply and delete ${plural(counts.delete, 'thing')}` : `Apply ${plural(toDo, 'change')}`}
    </Button>
  )
  return (
    <Section title="Plan" note={format && `${formatWords[format]}: ${countWords(counts)}`} actions={apply}>
      <div className={classes.plan}>
        {!canApply && (
          <Notice tone="bad" title="The file can’t be applied yet">
            <p>Mend what is marked as an error; warnings and notes keep nothing back.</p>
          </Notice>
        )}
        {error !== null && error !== undefined && <ErrorNotice error={error} what="Nothing was changed" />}
        {canApply && toDo === 0 && (
          <Notice tone="ok" title="Nothing to do">
            <p>Everything is as the file has it.</p>
          </Notice>
        )}
        {problems.length > 0 && <ProblemList problems={problems} onLine={onLine} />}
        {canApply && told.length > 0 && <ChangeList label="Planned changes" changes={told} onLine={onLine} />}
      </div>
    </Section>
  )
}
