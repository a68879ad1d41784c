import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'

/** The colours of the console, in whichever scheme it is: keys, texts, and Liquid wherever it stands. */
export const editorLook = () => [
  // The language's own colours are for one scheme only.
  syntaxHighlighting(HighlightStyle.define([])),
  // The first of two marks is the inner one.
  marking(/\{\{.*?\}\}|\{%.*?%\}/g, () => 'cm-liquid'),
  marking(/"(?:\{\{.*?\}\}|\{%.*?%\}|[^"\\]|\\.)*"(\s*:)?/g, ([, colon]) => (colon ? 'cm-key' : 'cm-words')),
  EditorView.theme({
    '&': { fontSize: '13px', backgroundColor: 'var(--canvas)', color: 'var(--text)', height: '100%' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
    '.cm-content': { caretColor: 'var(--text)' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-gutters': { backgroundColor: 'var(--sunk)', color: 'var(--text-3)', borderRight: '1px solid var(--line)' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--line)', color: 'var(--text)' },
    '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
      backgroundColor: 'var(--accent-soft)',
    },
    '.cm-selectionMatch': { backgroundColor: 'var(--soft-warn)' },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--line-strong)' },
    '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
    '.cm-key': { color: 'var(--text)', fontWeight: '600' },
    '.cm-words': { color: 'var(--text-2)' },
    '.cm-liquid, .cm-words .cm-liquid': { color: 'var(--accent-text)', fontWeight: '400' },
    '.cm-tooltip': {
      backgroundColor: 'var(--canvas)',
      color: 'var(--text)',
      border: '1px solid var(--line-strong)',
      borderRadius: '6px',
    },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-fill)', color: '#fff' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail': { color: '#fff' },
    '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '12px' },
    '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
    '.cm-tooltip.cm-completionInfo': { padding: '4px 8px', fontFamily: 'var(--mono)', fontSize: '12px' },
    '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'inherit' },
    '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
    '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
    '.cm-panels': { backgroundColor: 'var(--sunk)', color: 'var(--text)' },
    '.cm-collapsedLines': { color: 'var(--text-3)', background: 'var(--sunk)' },
    // The library's own mark is in few fonts.
    '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
    '.cm-deletedChunk': { backgroundColor: 'var(--soft-bad)' },
    '.cm-changedLine': { backgroundColor: 'var(--soft-ok)' },
    '.cm-insertedLine, .cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  }),
]

/** The nonce that style elements of this page need. */
export const styleNonce = () =>
  EditorView.cspNonce.of(document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '')

function marking(regexp: RegExp, classOf: (match: RegExpExecArray) => string) {
  const matcher = new MatchDecorator({ regexp, decoration: (match) => Decoration.mark({ class: classOf(match) }) })
  return ViewPlugin.fromClass(
    class {
      marks: DecorationSet
      constructor(view: EditorView) {
        this.marks = matcher.createDeco(view)
      }
      update(update: ViewUpdate) {
        this.marks = matcher.updateDeco(update, this.marks)
      }
    },
    { decorations: (plugin) => plugin.marks },
  )
}
