import { PageFrame } from '../ui/PageFrame.tsx'
import { ApiKeysSection } from './ApiKeysSection.tsx'
import { ServerSection } from './ServerSection.tsx'

/** What concerns the whole server: its addresses, and the keys by which programs ask it. */
export function SettingsPage() {
  return (
    <PageFrame title="Settings">
      <ApiKeysSection />
      <ServerSection />
    </PageFrame>
  )
}
