import { expect, test } from 'vitest'
import { fits, readSource } from './sources.ts'

test('every way to import is seen, and comments and texts are not', () => {
  const text = `
    import { type A, b as c } from '../shared/a.ts'
    import type {
      D,
    } from './d.ts'
    import './side-effect.css'
    import * as fs from 'node:fs'
    export * from './again.ts'
    export { E } from "@scope/name/deep.js"
    const late = () => import('react-dom/client')
    let F: import('./f.ts').F
    // import { no } from './commented.ts'
    /* import './commented-too.ts' */
    const G = 'see https://example.com/ // not a comment'
    const worker = new Worker(new URL('./work.ts', import.meta.url))
  `

  const { imports, code } = readSource('server/here.ts', text)

  expect(imports.map(({ target }) => target).sort()).toEqual([
    '@scope/name',
    'node:fs',
    'react-dom',
    'server/again.ts',
    'server/d.ts',
    'server/f.ts',
    'server/side-effect.css',
    'server/work.ts',
    'shared/a.ts',
  ])
  expect(code).toContain('// not a comment')
  expect(code).not.toContain('commented')
})

test('a pattern that begins with "!" takes away from the others', () => {
  const patterns = ['client/*/**', '!client/{ui,lib}/**']

  expect(fits('client/users/UsersPage.tsx', patterns)).toBe(true)
  expect(fits('client/ui/StatePill.tsx', patterns)).toBe(false)
  expect(fits('client/main.tsx', patterns)).toBe(false)
})
