import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Pasted } from '../../shared/paste.ts'
import { Dialog } from '../ui/Dialog.tsx'
import classes from './connection.module.css'
import { PasteBox } from './PasteBox.tsx'

type Props = { onClose: () => void; onSorted: (values: Pasted['values']) => void }

/** Takes whatever was copied from Slack or a settings file, and puts each value in its field, unsaved. */
export function PasteDialog({ onClose, onSorted }: Props) {
  const [found, setFound] = useState(0)
  return (
    <Dialog opened onClose={onClose} title="Paste anything" size="lg">
      <div className={classes.dialog}>
        <PasteBox
          autoFocus
          onSorted={({ values, found: count }) => {
            setFound(count)
            onSorted(values)
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant={found ? 'filled' : 'default'} onClick={onClose}>
            {found ? 'Look at the fields' : 'Close'}
          </Button>
        </Group>
      </div>
    </Dialog>
  )
}
