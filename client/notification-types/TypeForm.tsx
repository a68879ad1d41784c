import { Button, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import type { NotificationType } from '../../shared/notification-types.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { TargetsField } from '../targets/TargetsField.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Dock, Section } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { DataFields } from './DataFields.tsx'
import { changeOf, draftOf, type TypeDraft } from './draft.ts'
import { LookFields } from './LookFields.tsx'
import { MentionsField } from './MentionsField.tsx'
import classes from './notification-types.module.css'
import { useChangeNotificationType } from './queries.ts'
import { ThreadFields } from './ThreadFields.tsx'
import { FoldFields, PolicyField, RetryFields } from './TypeFields.tsx'

const FORM = 'notification-type'

/** The settings of one type as a form; what was changed is kept in it until it is saved or discarded. */
export function useTypeForm(type: NotificationType) {
  const change = useChangeNotificationType(type.type)
  const [before, setBefore] = useState(type)
  const [draft, setDraft] = useState<TypeDraft>(() => draftOf(type))
  const wish = changeOf(before, draft)
  const take = (saved: NotificationType) => {
    setBefore(saved)
    setDraft(draftOf(saved))
  }
  return {
    draft,
    wish,
    error: change.error,
    isSaving: change.isPending,
    isChanged: Object.keys(wish).length > 0,
    set: (part: Partial<TypeDraft>) => setDraft((held) => ({ ...held, ...part })),
    discard: () => {
      change.reset()
      take(type)
    },
    save: () =>
      change.mutate(wish, {
        onSuccess: (saved) => {
          take(saved)
          void toast('ok', 'Saved')
        },
      }),
  }
}

type Form = ReturnType<typeof useTypeForm>
type Props = { form: Form; integrations: Integration[] }

/** What becomes of an event of the type, part by part: an admin changes it, others read it. */
export function TypeForm({ form, integrations }: Props) {
  const isAdmin = useCan('admin')
  const { draft, set, error } = form
  const fields = { draft, set, error, disabled: !isAdmin }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    form.save()
  }
  return (
    <form id={FORM} className={classes.form} onSubmit={submit} noValidate>
      <Section title="About">
        <div className={classes.fields}>
          <Switch
            label="Send messages of this type"
            description="Off: its events are kept, and nothing is sent of them."
            checked={draft.enabled}
            disabled={!isAdmin}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
          <TextInput
            label="Description"
            value={draft.description}
            maxLength={300}
            disabled={!isAdmin}
            error={fieldProblem(error, 'description')}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
        </div>
      </Section>
      <Section title="Where it goes" note="An event that names its destinations itself goes there instead">
        <div className={classes.fields}>
          <TargetsField
            label="Destinations"
            chosen={draft.destinations}
            onChange={(destinations) => set({ destinations })}
            error={error}
            disabled={!isAdmin}
          />
          {draft.destinations.length === 0 && (
            <Notice tone="warn" title="Its events go nowhere by themselves">
              <p>
                Only an event that names its destinations,{' '}
                <Link to="/notifications/rules">a routing rule or the fallback</Link> sends them anywhere.
              </p>
            </Notice>
          )}
        </div>
      </Section>
      <Section title="What it looks like">
        <div className={classes.fields}>
          <LookFields {...fields} />
        </div>
      </Section>
      <Section title="Who is called">
        <div className={classes.fields}>
          <MentionsField
            words={draft.mentions}
            onChange={(mentions) => set({ mentions })}
            integrations={usedBy(draft, integrations)}
            error={error}
            disabled={!isAdmin}
          />
        </div>
      </Section>
      <Section title="Threads and updates">
        <div className={classes.fields}>
          <ThreadFields {...fields} />
        </div>
      </Section>
      <Section title="When it does not go through">
        <div className={classes.fields}>
          <PolicyField {...fields} />
          <RetryFields {...fields} />
        </div>
      </Section>
      <Section title="Much of the same">
        <div className={classes.fields}>
          <FoldFields {...fields} />
        </div>
      </Section>
      <Section title="What may leave and how long it is kept">
        <div className={classes.fields}>
          <DataFields {...fields} />
        </div>
      </Section>
    </form>
  )
}

/** Saves or discards what was changed, from the foot of the page. */
export function TypeFormDock({ form }: { form: Form }) {
  if (!form.isChanged && !form.error) return null
  return (
    <Dock
      note={
        form.error ? (
          <ErrorNotice error={form.error} what="Nothing was changed" />
        ) : (
          'Not saved yet. Deliveries that are there already stay as they are.'
        )
      }
    >
      <Button variant="default" onClick={form.discard}>
        Discard
      </Button>
      <Button type="submit" form={FORM} loading={form.isSaving} disabled={!form.isChanged}>
        Save changes
      </Button>
    </Dock>
  )
}

/** The integrations that its messages go out through; while there is no destination, all of them. */
function usedBy({ destinations }: TypeDraft, integrations: Integration[]): Integration[] {
  const used = integrations.filter(({ id }) => destinations.some(({ shown }) => shown.integrationId === id))
  return used.length > 0 ? used : integrations
}
