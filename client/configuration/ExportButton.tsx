import { Button } from '@mantine/core'
import { ApiError } from '../lib/api.ts'
import { downloadText } from '../lib/download.ts'
import { IconDownload } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useExport } from './queries.ts'

/** Everything as a file. */
export function ExportButton() {
  const exported = useExport()
  const onExport = () =>
    exported.mutate('yaml', {
      onSuccess: ({ name, text }) => downloadText(name, 'text/yaml', text),
      onError: (error) =>
        void toast('bad', `Nothing was exported. ${error instanceof ApiError ? error.message : 'Try again.'}`),
    })
  return (
    <Button variant="default" leftSection={<IconDownload />} loading={exported.isPending} onClick={onExport}>
      Export all
    </Button>
  )
}
