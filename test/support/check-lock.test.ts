import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Lock, lockProblems } from './check-lock.ts'

const manifest = { dependencies: { kept: '1.2.3' } }

function lock(packages: Lock['packages'] = {}): Lock {
  return { packages: { '': manifest, 'node_modules/kept': { version: '1.2.3', integrity: 'sha512-x' }, ...packages } }
}

test('this project’s own lock file is complete for every platform', () => {
  const own = JSON.parse(fs.readFileSync('package.json', 'utf8'))
  const locked = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))

  expect(lockProblems(own, locked)).toEqual([])
})

test.each([
  {
    about: 'a range in package.json',
    problems: lockProblems({ dependencies: { kept: '^1.2.3' } }, lock()),
    told: 'kept asks for ^1.2.3: give one exact version',
  },
  {
    about: 'a version the lock file does not have',
    problems: lockProblems({ dependencies: { kept: '1.2.4' } }, lock()),
    told: 'kept is 1.2.4 in package.json but 1.2.3 in the lock file',
  },
  {
    about: 'a package nobody asks for any more',
    problems: lockProblems({}, lock()),
    told: 'kept is in the lock file but no longer in package.json',
  },
  {
    about: 'a platform that npm dropped without a word',
    problems: lockProblems(
      manifest,
      lock({
        'node_modules/tool': {
          version: '1.0.0',
          integrity: 'sha512-x',
          optionalDependencies: { 'tool-darwin': '1.0.0' },
        },
      }),
    ),
    told: 'tool-darwin, optional for node_modules/tool, is missing from the lock file',
  },
  {
    about: 'a registry’s address',
    problems: lockProblems(
      manifest,
      lock({
        'node_modules/tool': {
          version: '1.0.0',
          integrity: 'sha512-x',
          resolved: 'https://registry.example/tool.tgz',
        },
      }),
    ),
    told: 'node_modules/tool is tied to https://registry.example/tool.tgz: the lock file must not name a registry',
  },
  {
    about: 'a package without its hash',
    problems: lockProblems(manifest, lock({ 'node_modules/tool': { version: '1.0.0' } })),
    told: 'node_modules/tool has no integrity hash',
  },
])('$about is told', ({ problems, told }) => {
  expect(problems).toEqual([told])
})
