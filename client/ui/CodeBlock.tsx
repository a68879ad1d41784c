import { CopyButton } from './CopyButton.tsx'
import classes from './facts.module.css'

type Props = { code: string; label: string; copy?: boolean }

/** A payload as it went over the wire, already without secrets. Dots that stand for a secret are greyed. */
export function CodeBlock({ code, label, copy = true }: Props) {
  return (
    <div className={classes.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a keyboard must reach it */}
      <section aria-label={label} tabIndex={0} className={classes.codeScroll}>
        <pre>{coloured(code)}</pre>
      </section>
      {copy && (
        <div className={classes.codeCopy}>
          <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
        </div>
      )}
    </div>
  )
}

/** Strings, JSON's own words, and the dots of a removed secret; a name before a colon stays plain. */
function coloured(code: string) {
  const parts = code.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|[^\s"]*•{2,}[^\s"]*)/)
  return parts.map((part, index) =>
    index % 2 === 0 || part.endsWith(':') ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <span key={index} className={kindOf(part)}>
        {part}
      </span>
    ),
  )
}

function kindOf(part: string): string | undefined {
  if (part.includes('••')) return classes.hidden
  return part.startsWith('"') ? classes.string : classes.word
}
