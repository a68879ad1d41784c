import { expect, test } from 'vitest'
import { localPath } from '../../client/lib/local-path.ts'

test.each(['/', '/deliveries?state=failed', '/integrations/int_1/health#top'])('%s is a way back', (path) => {
  expect(localPath(path)).toBe(path)
})

test.each([
  null,
  '',
  'deliveries',
  'https://evil.test/',
  '//evil.test',
  '/\\evil.test',
  '/\t/evil.test',
  '/.//evil.test',
  '/a/..//evil.test',
  '/%2e//evil.test',
  'javascript:alert(1)',
])('%s leads to the first page instead', (asked) => {
  expect(localPath(asked)).toBe('/')
})
