import { Textarea } from '@mantine/core'
import { type ClipboardEvent, useState } from 'react'
import { credentialInfo } from '../../shared/credentials.ts'
import { type Pasted, type PasteField, sortPaste } from '../../shared/paste.ts'
import { plural } from '../lib/format.ts'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './paste.module.css'

type Props = { onSorted: (pasted: Pasted) => void; autoFocus?: boolean }

const labelOf = (field: PasteField): string =>
  field === 'name' ? 'Name' : field === 'testChannel' ? 'Test channel' : credentialInfo[field].label

/** A box that sorts what is pasted into fields, and from then on shows it without its secrets. */
export function PasteBox({ onSorted, autoFocus = false }: Props) {
  const [text, setText] = useState('')
  const [pasted, setPasted] = useState<Pasted>()
  const sort = (source: string) => {
    if (!source.trim()) return
    const result = sortPaste(source)
    setPasted(result)
    setText(masked(source, result))
    if (result.found > 0) onSorted(result)
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    event.preventDefault()
    sort(event.clipboardData.getData('text'))
  }
  return (
    <div>
      <Textarea
        aria-label="Paste anything"
        aria-describedby="paste-result"
        placeholder={'SLACK_SIGNING_SECRET=…\nor a page of Slack’s settings, JSON, a curl line, a token'}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setPasted(undefined)
        }}
        onPaste={onPaste}
        onBlur={() => !pasted && sort(text)}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        data-autofocus={autoFocus || undefined}
        classNames={{ input: classes.text ?? '' }}
      />
      <div id="paste-result" className={classes.result} role="status">
        {!pasted && (
          <span>A page of Slack’s settings, a .env file, JSON, a curl line: each value goes to its field.</span>
        )}
        {pasted && <Result pasted={pasted} />}
      </div>
    </div>
  )
}

function Result({ pasted }: { pasted: Pasted }) {
  const fields = Object.keys(pasted.values) as PasteField[] // the keys of our own record
  return (
    <>
      <p className={classes.line} data-tone={pasted.found ? 'ok' : 'warn'}>
        <StateIcon tone={pasted.found ? 'ok' : 'warn'} />
        {pasted.found
          ? `${plural(pasted.found, 'value')} sorted into the fields: ${fields.map(labelOf).join(', ')}`
          : 'Nothing in it is known: no token, no ID, no secret with its name beside it.'}
      </p>
      {pasted.notes.map((note) => (
        <p key={note} className={classes.line} data-tone="warn">
          <StateIcon tone="warn" />
          {note}
        </p>
      ))}
    </>
  )
}

const SECRETS: PasteField[] = ['clientSecret', 'signingSecret', 'botToken', 'appToken']

/** The same text with each secret that was taken cut to its last four characters, and any other token to its kind. */
function masked(text: string, { values, webhooks }: Pasted): string {
  const secrets = [...SECRETS.map((field) => values[field]), ...webhooks].filter((value) => value !== undefined)
  const known = secrets.reduce(
    (shown, secret) => shown.replaceAll(secret, `••••••••${secret.slice(-4)}`),
    text.replaceAll('\\/', '/'),
  )
  return known
    .replace(/\b(xox[a-z]|xapp|xwfp)([-.])[\w.+/=-]{6,}/g, '$1$2••••••••')
    .replace(/\b[0-9a-f]{24,}\b/g, '••••••••')
}
