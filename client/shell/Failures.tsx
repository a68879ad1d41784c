import { Button } from '@mantine/core'
import { Link, useRouteError } from 'react-router'
import { CentredPage } from '../ui/CentredPage.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Notice } from '../ui/Notice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'

/** Shown in place of a page that failed to load or to draw; the frame round it keeps working. */
export function PageFailed() {
  return (
    <PageFrame title="Something went wrong">
      <Section label="What happened">
        <WhatHappened />
      </Section>
    </PageFrame>
  )
}

/** The same when it is the frame that failed, with all that stands in it. */
export function ConsoleFailed() {
  return (
    <CentredPage title="Something went wrong" width={480}>
      <WhatHappened />
    </CentredPage>
  )
}

function WhatHappened() {
  const error = useRouteError()
  // What a browser throws, and for styles Vite, when the server has newer files than the page that asks for them.
  const isOutdated =
    (error instanceof TypeError && /module|import|fetch/i.test(error.message)) ||
    (error instanceof Error && error.message.startsWith('Unable to preload'))
  const reload = <Button onClick={() => window.location.reload()}>Reload page</Button>
  if (isOutdated) {
    return (
      <Notice tone="info" title="This page could not be loaded" actions={reload}>
        <p>The console was updated since you opened it, or the server is out of reach. Reload to get it again.</p>
      </Notice>
    )
  }
  return (
    <Notice tone="bad" title="This page stopped working" actions={reload}>
      <p>A fault in the console itself; nothing on the server was changed by it. Reload to try again.</p>
      <p>
        <code>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</code>
      </p>
    </Notice>
  )
}

/** No page has this address. */
export function NotFound() {
  return (
    <PageFrame title="Page not found">
      <EmptyState
        title="No page has this address"
        actions={
          <Button component={Link} to="/">
            Go to the first page
          </Button>
        }
      >
        It may have been typed wrong, or what it showed was deleted. Search finds pages, integrations and deliveries.
      </EmptyState>
    </PageFrame>
  )
}
