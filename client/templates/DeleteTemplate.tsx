import { Button } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { isUnderWay } from '../lib/under-way.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { IconTrash } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useDeleteTemplate } from './queries.ts'

type Props = { name: string; usedBy: readonly string[]; onGone: () => void }

/** Deletes a template with all its versions; the server refuses while a type uses it. */
export function DeleteTemplate({ name, usedBy, onGone }: Props) {
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const remove = useDeleteTemplate(name)
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        onGone()
        void toast('ok', `${name} is deleted.`)
        navigate('/notifications/templates')
      },
    })
  return (
    <>
      <Button variant="subtle" color="red" leftSection={<IconTrash />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <ConfirmByName
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Delete this template?"
        name={name}
        action="Delete template"
        onConfirm={confirm}
        busy={isUnderWay(remove)}
        failed="The template was not deleted"
        error={remove.error}
      >
        {usedBy.length > 0
          ? `It is used by ${usedBy.join(', ')}: give these types another template first.`
          : 'It goes with all its versions. What was sent stays as it is.'}
      </ConfirmByName>
    </>
  )
}
