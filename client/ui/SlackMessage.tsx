import { createContext, lazy, type ReactNode, Suspense, useContext } from 'react'
import { wordsOf } from '../../shared/slack-blocks.ts'
import { BlockParts } from './BlockParts.tsx'
import { Fallback } from './Fallback.tsx'
import { Mark } from './Mark.tsx'
import { StateIcon } from './StatePill.tsx'
import classes from './slack-message.module.css'

const BlockView = lazy(() => import('./BlockView.tsx'))

type Json = Record<string, unknown>
export type SlackScheme = 'light' | 'dark'
type Named = { id: string; name: string }
type Props = {
  message: { text: string; blocks?: Json[] | undefined }
  scheme: SlackScheme
  /** Who posts it, as Slack shows the app. */
  from: string
  /** Beside the name: when it was posted, or that it was not. */
  when?: ReactNode
  /** Names of the people and groups that are called in it; without one the id is shown. */
  called?: Named[]
  /** The place among the blocks of one that Slack refused: it is marked. */
  faultyBlock?: number | undefined
  /** Below the blocks: an attached file. */
  children?: ReactNode
}

const NOBODY: Named[] = []
const CalledContext = createContext(NOBODY)

/** A quotation of a message: Slack's own sizes and colours, whatever the console's scheme is. */
export function SlackMessage({ message, scheme, from, when, called, faultyBlock, children }: Props) {
  return (
    <div className={classes.message} data-scheme={scheme}>
      <Mark size={36} />
      <div className={classes.body}>
        <p className={classes.head}>
          <strong>{from}</strong>
          <span className={classes.badge}>APP</span>
          {when && <span className={classes.meta}>{when}</span>}
        </p>
        <CalledContext value={called ?? NOBODY}>
          <Content message={message} scheme={scheme} faultyBlock={faultyBlock} />
        </CalledContext>
        {children}
      </div>
    </div>
  )
}

function Content({
  message: { text, blocks },
  scheme,
  faultyBlock,
}: Pick<Props, 'message' | 'scheme' | 'faultyBlock'>) {
  const words = <p className={classes.text}>{text}</p>
  if (!blocks?.length) {
    const section = { type: 'section', text: { type: 'mrkdwn', text } }
    return <Drawn blocks={[section]} scheme={scheme} instead={words} />
  }
  const faulty = faultyBlock === undefined ? undefined : blocks[faultyBlock]
  if (faultyBlock === undefined || !faulty) return <Parts blocks={blocks} scheme={scheme} instead={words} />
  return (
    <>
      <Parts blocks={blocks.slice(0, faultyBlock)} scheme={scheme} instead={null} />
      <Faulty block={faulty} place={faultyBlock + 1} scheme={scheme} />
      <Parts blocks={blocks.slice(faultyBlock + 1)} scheme={scheme} instead={null} />
    </>
  )
}

/** Framed and named, as a block that Slack refuses may look like nothing at all. */
function Faulty({ block, place, scheme }: { block: Json; place: number; scheme: SlackScheme }) {
  const raw = <pre className={classes.raw}>{JSON.stringify(block, null, 2).slice(0, MOST_RAW)}</pre>
  return (
    <div className={classes.faulty}>
      <p className={classes.faultyName}>
        <StateIcon tone="bad" />
        Slack refused this block: number {place}, {String(block.type)}
      </p>
      <Parts blocks={[block]} scheme={scheme} instead={raw} />
    </div>
  )
}

const MOST_RAW = 600

type PartsProps = { blocks: Json[]; scheme: SlackScheme; instead: ReactNode }

function Parts({ blocks, scheme, instead }: PartsProps) {
  return (
    <BlockParts
      blocks={blocks}
      scheme={scheme}
      draw={(shown) => <Drawn blocks={shown} scheme={scheme} instead={instead} />}
      act={(elements) => (
        <p className={classes.actions}>
          {elements.flatMap(buttonsOf).map(({ words, look }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the buttons of one message never change places
            <span key={place} className={classes.button} data-look={look}>
              {words}
            </span>
          ))}
        </p>
      )}
    />
  )
}

/** What stands on an element; on a feedback, which is two of them, on each. */
function buttonsOf(element: Json): { words: string; look: unknown }[] {
  const { type, text, placeholder, style, positive_button, negative_button } = element
  if (type === 'feedback_buttons') return [positive_button, negative_button].flatMap((each) => buttonsOf(asJson(each)))
  return [{ words: wordsOf(text) || wordsOf(placeholder) || String(type ?? '?'), look: style }]
}

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

/** A message that Slack refused may be one that cannot be drawn: then something else stands there. */
function Drawn({ blocks, scheme, instead }: PartsProps) {
  const called = useContext(CalledContext)
  return (
    <Fallback instead={instead}>
      <Suspense fallback={instead}>
        <BlockView blocks={blocks} scheme={scheme} people={called} groups={called} />
      </Suspense>
    </Fallback>
  )
}
