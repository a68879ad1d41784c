import { z } from 'zod'
import { ConfigurationFile } from '../../shared/configuration-file.ts'

/** What editors check a file by and offer while one types. */
export function fileSchema(publicUrl: string): Record<string, unknown> {
  const schema = z.toJSONSchema(ConfigurationFile, { io: 'input', unrepresentable: 'any' })
  return { $id: `${publicUrl}/api/configuration/schema.json`, title: 'Switchboard configuration', ...schema }
}
