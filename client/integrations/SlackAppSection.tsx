import { Button, Radio } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { builtInCommands } from '../../shared/commands.ts'
import type { ManifestAnswer } from '../../shared/integrations.ts'
import { neededScopes, slackFeatures } from '../../shared/slack-scopes.ts'
import { plural } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { SegmentedTabs, useParamChoice } from '../ui/Tabs.tsx'
import { CopyManifest } from './CopyManifest.tsx'
import type { Draft } from './draft.ts'
import { FeatureSwitches } from './FeatureSwitches.tsx'
import classes from './new.module.css'

type Props = {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
  manifest: UseQueryResult<ManifestAnswer>
  /** The manifest was copied or opened in Slack. */
  onTaken: () => void
}

/** First choice: a new Slack app from a manifest written for this server, or one that exists. */
export function SlackAppSection({ draft, onChange, manifest, onTaken }: Props) {
  const scopes = neededScopes(draft.features).length
  const commands = draft.features.includes('slash_commands') ? builtInCommands.length : 0
  return (
    <Section title="Slack app" note="Choose how to set it up">
      <Radio.Group
        aria-label="How to set up the Slack app"
        value={draft.source}
        onChange={(source) => onChange({ source: source === 'existing' ? 'existing' : 'manifest' })}
      >
        <div className={classes.options}>
          <Option
            value="manifest"
            title="From a manifest"
            text={`One paste sets name, ${plural(scopes, 'scope')}, ${plural(commands, 'command')} and every address.`}
          />
          <Option
            value="existing"
            title="I already have an app"
            text="The test lists what it still lacks, and the manifest brings it up to date."
          />
        </div>
      </Radio.Group>
      <div className={classes.manifestActions}>
        {manifest.data && <CopyManifest manifest={manifest.data} onCopied={onTaken} />}
        {manifest.data && draft.source === 'manifest' && (
          // biome-ignore lint/a11y/noStaticElementInteractions: the link inside is what is pressed
          // biome-ignore lint/a11y/useKeyWithClickEvents: a link pressed by key clicks too
          <span onClick={onTaken}>
            <ExternalLink href={manifest.data.link}>Open Slack with the manifest</ExternalLink>
          </span>
        )}
        {manifest.data && <ReadFirst manifest={manifest.data} />}
      </div>
      {manifest.error && (
        <ErrorNotice error={manifest.error} what="The manifest could not be written" onRetry={manifest.refetch} />
      )}
      {manifest.data?.warnings.map((warning) => (
        <p key={warning} className={classes.warning}>
          <StateIcon tone="warn" />
          {warning}
        </p>
      ))}
      <Features draft={draft} onChange={onChange} />
    </Section>
  )
}

function Option({ value, title, text }: { value: string; title: string; text: string }) {
  return (
    <Radio.Card value={value} className={classes.option ?? ''} aria-label={title}>
      <Radio.Indicator size="xs" className={classes.indicator ?? ''} />
      <span>
        <span className={classes.optionTitle}>{title}</span>
        <span className={classes.optionText}>{text}</span>
      </span>
    </Radio.Card>
  )
}

function ReadFirst({ manifest }: { manifest: ManifestAnswer }) {
  const [isOpen, setOpen] = useState(false)
  const [form] = useParamChoice('manifest', ['json', 'yaml'] as const)
  return (
    <>
      <button type="button" className={classes.linkButton} onClick={() => setOpen(true)}>
        Read it first
      </button>
      <Dialog opened={isOpen} onClose={() => setOpen(false)} title="App manifest" size="xl">
        <SegmentedTabs
          label="Form of the manifest"
          param="manifest"
          options={[
            { value: 'json', label: 'JSON' },
            { value: 'yaml', label: 'YAML' },
          ]}
        />
        <div className={classes.code}>
          <CodeBlock label="App manifest" code={form === 'yaml' ? manifest.yaml : manifest.json} />
        </div>
      </Dialog>
    </>
  )
}

function Features({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={classes.features}>
      <div className={classes.featuresHead}>
        <span>
          {draft.features.length} of {slackFeatures.length} features on,{' '}
          {plural(neededScopes(draft.features).length, 'scope')} needed
        </span>
        <Button
          variant="subtle"
          px={6}
          mx={-6}
          h={28}
          aria-expanded={isOpen}
          aria-controls="new-features"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide features' : 'Choose features'}
        </Button>
      </div>
      <div id="new-features">
        {isOpen && <FeatureSwitches value={draft.features} onChange={(features) => onChange({ features })} />}
      </div>
    </div>
  )
}
