import { Button, Group, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { Delivery, Message } from '../../shared/deliveries.ts'
import type { Destination } from '../../shared/destinations.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { formatDuration } from '../lib/format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Notice } from '../ui/Notice.tsx'
import classes from './destinations.module.css'
import { readBlocks, STANDARD_TEXT, standardBlocks } from './message-draft.ts'
import { useTestSend } from './queries.ts'

type Props = { destination: Destination; onClose: () => void }

/** Sends one message, edited or not, down the same path as every other, and says how it ended. */
export function TestSendDialog({ destination, onClose }: Props) {
  const send = useTestSend(destination.id)
  const [text, setText] = useState(STANDARD_TEXT)
  const [form, setForm] = useState('text')
  const [json, setJson] = useState(() => JSON.stringify(standardBlocks, null, 2))
  const blocks = form === 'blocks' ? readBlocks(json) : undefined
  const problem = blocks && 'problem' in blocks ? blocks.problem : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const message: Message = { text: text.trim(), ...(blocks && 'blocks' in blocks && { blocks: blocks.blocks }) }
    send.mutate(message)
  }
  return (
    <Dialog opened onClose={onClose} title={`Test message to ${destination.name}`} size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <SegmentedControl
            aria-label="Form of the message"
            data={[
              { value: 'text', label: 'Text' },
              { value: 'blocks', label: 'Block Kit' },
            ]}
            value={form}
            onChange={setForm}
          />
          <Textarea
            label={form === 'text' ? 'Message' : 'Notification text'}
            description={
              form === 'text'
                ? 'Slack’s own markup: *bold*, _italic_, `code`.'
                : 'Shown in notifications, and read aloud.'
            }
            value={text}
            maxLength={40_000}
            autosize
            minRows={form === 'text' ? 4 : 1}
            maxRows={12}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          {form === 'blocks' && (
            <Textarea
              className={classes.editor ?? ''}
              label="Blocks"
              description="A JSON list of blocks, or an object with “blocks” as Block Kit Builder copies it."
              value={json}
              autosize
              minRows={8}
              maxRows={12}
              spellCheck={false}
              error={problem ?? null}
              onChange={(event) => setJson(event.currentTarget.value)}
            />
          )}
          {send.error && <ErrorNotice error={send.error} what="The test message was not sent" />}
          <div aria-live="polite">{send.data && !send.isPending && <Outcome delivery={send.data} />}</div>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {send.data ? 'Done' : 'Cancel'}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={!text.trim() || problem !== undefined}>
              {send.data ? 'Send again' : 'Send test message'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** How the delivery stands: delivered, refused and why, or still under way. */
function Outcome({ delivery }: { delivery: Delivery }) {
  const { state, code, tookMs, permalink, attempts } = delivery
  const requestMs = attempts.at(-1)?.tookMs
  const links = (
    <p className={classes.outcome}>
      {permalink && <ExternalLink href={permalink}>See it in Slack</ExternalLink>}
      <Link to={`/deliveries/${delivery.id}`}>See the delivery</Link>
    </p>
  )
  if (state === 'delivered') {
    return (
      <Notice tone="ok" title={`Delivered${tookMs === undefined ? '' : ` in ${formatDuration(tookMs)}`}`}>
        {requestMs !== undefined && <p>Slack took {formatDuration(requestMs)} to answer.</p>}
        {links}
      </Notice>
    )
  }
  const row = code ? slackCode(code) : undefined
  const hasFailed = state === 'failed'
  return (
    <Notice tone={hasFailed ? 'bad' : 'warn'} title={hasFailed ? `Not delivered: ${code ?? 'failed'}` : WORDS[state]}>
      {row && (
        <p>
          {row.meaning} {row.fix}
        </p>
      )}
      {links}
    </Notice>
  )
}

const WORDS: Record<Exclude<Delivery['state'], 'delivered' | 'failed'>, string> = {
  pending: 'Still waiting to be sent',
  sending: 'On its way to Slack',
  retrying: 'It did not go through and will be tried again',
  unconfirmed: 'Slack did not confirm it; it may have arrived',
  held: 'Held until what stands in its way is gone',
  suppressed: 'Not sent: it was suppressed',
  cancelled: 'Cancelled',
}
