import { Button } from '@mantine/core'
import { downloadText } from '../lib/download.ts'
import { failureWords } from '../lib/failure-words.ts'
import { IconDownload } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useExport } from './queries.ts'

/** Everything as a file. */
export function ExportButton() {
  const exported = useExport()
  const onExport = () =>
    exported.mutate('yaml', {
      onSuccess: ({ name, text }) => downloadText(name, 'text/yaml', text),
      onError: (error) => void toast('bad', `Nothing was exported. ${failureWords(error)}`),
    })
  return (
    <Button variant="default" leftSection={<IconDownload />} loading={exported.isPending} onClick={onExport}>
      Export all
    </Button>
  )
}
