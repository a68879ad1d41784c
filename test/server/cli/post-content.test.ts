import { appendFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { bytesOf, readContent } from '../../../server/cli/post-content.ts'

const CHANGED = /changed while it was sent/

test('a text from what never ends is refused once it is too large', async () => {
  await expect(readContent({ textFile: '/dev/zero' })).rejects.toThrow('/dev/zero is larger than 1 MB')
})

test.each([
  ['as it was is read whole', async () => {}, undefined],
  ['that grew is not posted', (path: string) => appendFile(path, 'more'), CHANGED],
  ['that is shorter now is not posted', (path: string) => writeFile(path, 'He'), CHANGED],
  ['of the same size that was written anew is not posted', (path: string) => utimes(path, 1, 1), CHANGED],
  ['that is gone is not posted', (path: string) => rm(path), /is not there/],
])('a file %s', async (_, change, refusal) => {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-post-'))
  const path = join(folder, 'a.txt')
  await writeFile(path, 'Hello')
  const { file } = await readContent({ file: path })
  if (!file) throw new Error('There is no file.')

  await change(path)
  const reading = buffer(bytesOf(file))

  if (refusal === undefined) expect(String(await reading)).toBe('Hello')
  else await expect(reading).rejects.toThrow(refusal)
  await rm(folder, { recursive: true })
})
