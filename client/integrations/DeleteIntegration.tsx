import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Integration, IntegrationBelongings } from '../../shared/integrations.ts'
import { plural } from '../lib/format.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconTrash } from '../ui/icons.ts'
import { DONE } from '../ui/LeaveGuard.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { belongingsQuery, useDeleteIntegration } from './queries.ts'
import classes from './settings.module.css'

/** Deletes an integration once its name is typed, after saying what goes with it. */
export function DeleteIntegration({ integration }: { integration: Integration }) {
  const { id, name } = integration
  const [isAsking, setAsking] = useState(false)
  const navigate = useNavigate()
  const remove = useDeleteIntegration(id)
  const belongings = useQuery({ ...belongingsQuery(id), enabled: isAsking })
  const confirm = () =>
    remove.mutate(name, {
      onSuccess: () => {
        toast('ok', `${name} was deleted`)
        navigate('/integrations', { replace: true, state: DONE })
      },
    })
  return (
    <Section title="Delete this integration">
      <p className={classes.delete}>
        Its secrets and destinations go for good. The app stays in Slack and can be connected again. To stop it for a
        while, switch it off instead.
      </p>
      <Button variant="default" color="red" leftSection={<IconTrash />} onClick={() => setAsking(true)}>
        Delete integration
      </Button>
      <ConfirmByName
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${name}?`}
        name={name}
        action="Delete integration"
        onConfirm={confirm}
        busy={isUnderWay(remove)}
        failed="The integration was not deleted"
        error={remove.error}
      >
        {belongings.isPending && <RowsSkeleton rows={2} />}
        {belongings.error && <ErrorNotice error={belongings.error} what="What goes with it could not be counted" />}
        {belongings.data && <GoesWithIt belongings={belongings.data} />}
      </ConfirmByName>
    </Section>
  )
}

function GoesWithIt({ belongings: { destinations, webhooks, waiting, tests } }: { belongings: IntegrationBelongings }) {
  return (
    <>
      <p>With it go, and cannot be brought back:</p>
      <ul style={{ listStyle: 'disc', paddingLeft: 20, marginTop: 4 }}>
        <li>its secrets</li>
        <li>
          {plural(destinations, 'destination')}
          {webhooks > 0 && `, of them ${plural(webhooks, 'webhook')} whose address is nowhere else`}
        </li>
        {waiting > 0 && <li>{plural(waiting, 'delivery', 'deliveries')} still waiting, which are cancelled</li>}
        <li>{plural(tests, 'connection test')}</li>
      </ul>
      <p style={{ marginTop: 8 }}>Deliveries that have ended stay in the log.</p>
    </>
  )
}
