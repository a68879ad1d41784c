import { autocompletion, type CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { basicSetup, EditorView } from 'codemirror'
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react'
import type { SourceProblem } from '../../shared/templates.ts'
import { offersAt } from './completion.ts'
import { editorLook, styleNonce } from './editor-look.ts'
import classes from './templates.module.css'

/** A place of the source to be shown from outside. */
export type EditorHandle = { show: (problem: SourceProblem) => void }

type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  readOnly?: boolean
  problems?: readonly SourceProblem[]
  /** An example of the data: its fields are offered as one types. Without it nothing is. */
  sample?: unknown
  handle?: RefObject<EditorHandle | null>
}

/** A source with its faults at their lines. Heavy: load it when it is needed. */
export default function SourceEditor({ label, value, onChange, readOnly = false, problems, sample, handle }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef({ onChange, sample, value })
  latest.current = { onChange, sample, value }

  useEffect(() => {
    if (!place.current) return
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          styleNonce(),
          basicSetup,
          json(),
          lintGutter(),
          autocompletion({ override: [(context) => complete(context, latest.current.sample)] }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorState.readOnly.of(readOnly),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
          ...editorLook(),
        ],
      }),
    })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [label, readOnly])

  useEffect(() => {
    const { current } = view
    if (!current || current.state.doc.toString() === value) return
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const { current } = view
    if (!current) return
    const { length } = current.state.doc
    const diagnostics = (problems ?? [])
      .filter(({ start }) => start <= length)
      .map((problem) => toDiagnostic(problem, length))
    current.dispatch(setDiagnostics(current.state, diagnostics))
  }, [problems])

  useImperativeHandle(handle, () => ({
    show: ({ start, end }) => {
      const { current } = view
      if (!current) return
      const { length } = current.state.doc
      const selection = { anchor: Math.min(start, length), head: Math.min(end, length) }
      current.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) })
      current.focus()
    },
  }))

  return <div ref={place} className={classes.editor} />
}

const toDiagnostic = ({ start, end, severity, message, fix }: SourceProblem, length: number): Diagnostic => ({
  from: start,
  to: Math.min(length, Math.max(end, start)),
  severity,
  message: fix ? `${message} ${fix}` : message,
})

function complete(context: CompletionContext, sample: unknown) {
  if (sample === undefined) return null
  const found = offersAt(context.state.doc.toString(), context.pos, sample)
  if (
    !found ||
    (found.from === context.pos && !context.explicit && !/["|{%.\s]$/.test(context.state.sliceDoc(0, context.pos)))
  ) {
    return null
  }
  return { from: found.from, options: found.offers, validFor: /^[\w.]*$/ }
}
