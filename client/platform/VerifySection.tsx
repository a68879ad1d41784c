import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './platform.module.css'
import { type SnippetLanguage, snippets } from './snippets.ts'

const LANGUAGES: { value: SnippetLanguage; label: string }[] = [
  { value: 'node', label: 'Node' },
  { value: 'python', label: 'Python' },
]

/** How a platform checks that a call is ours. */
export function VerifySection() {
  const [language, setLanguage] = useState<SnippetLanguage>('node')
  return (
    <Section
      title="Check the signature"
      actions={
        <SegmentedControl
          aria-label="Language"
          data={LANGUAGES}
          value={language}
          onChange={(value) => setLanguage(value as SnippetLanguage)}
        />
      }
    >
      <p className={classes.before}>
        Calls are signed by <ExternalLink href="https://www.standardwebhooks.com">Standard Webhooks</ExternalLink>, and
        there is a library for most languages. Repeats of a notice carry the same <code>webhook-id</code>.
      </p>
      <CodeBlock label={`Example in ${language === 'node' ? 'Node' : 'Python'}`} code={snippets[language]} />
    </Section>
  )
}
