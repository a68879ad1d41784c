import { Skeleton } from '@mantine/core'
import { lazy, type RefObject, Suspense } from 'react'
import type { SourceProblem } from '../../shared/templates.ts'
import { Section } from '../ui/Section.tsx'
import type { EditorHandle } from './SourceEditor.tsx'
import classes from './templates.module.css'

const SourceEditor = lazy(() => import('./SourceEditor.tsx'))

type Props = {
  source: string
  onSource: (source: string) => void
  sample: Record<string, unknown>
  problems: readonly SourceProblem[]
  readOnly: boolean
  handle: RefObject<EditorHandle | null>
}

/** The source of a template, with its faults at their lines. */
export function EditorPane({ source, onSource, sample, problems, readOnly, handle }: Props) {
  return (
    <div className={classes.pane} data-name="editor">
      <Section title="Source" note={readOnly ? 'An admin can change it' : 'Block Kit as JSON, with Liquid in it'}>
        <div className={classes.frame} data-tall>
          <Suspense fallback={<Skeleton height={480} />}>
            <SourceEditor
              label="Source"
              value={source}
              onChange={onSource}
              {...{ readOnly, problems, sample, handle }}
            />
          </Suspense>
        </div>
        {!readOnly && <p className={`${classes.hint} ${classes.keys}`}>Ctrl + Space lists what fits at the cursor.</p>}
      </Section>
    </div>
  )
}
