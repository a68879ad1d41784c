import { json } from '@codemirror/lang-json'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useRef } from 'react'
import { editorLook, styleNonce } from './editor-look.ts'
import classes from './templates.module.css'

type Props = { label: string; before: string; after: string }

/** What changed from one text to another, line by line; the text itself where both are the same. Heavy: load it when it is needed. */
export default function DiffView({ label, before, after }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          styleNonce(),
          basicSetup,
          json(),
          EditorView.lineWrapping,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          before === after ? [] : comparison(before),
          ...editorLook(),
        ],
      }),
    })
    return () => made.destroy()
  }, [label, before, after])
  return <div ref={place} className={classes.diff} />
}

const comparison = (before: string) =>
  unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } })
