import fs from 'node:fs'
import path from 'node:path'

type Names = Record<string, string>
export type Manifest = { dependencies?: Names; devDependencies?: Names; optionalDependencies?: Names }
export type LockedPackage = Manifest & { version?: string; resolved?: string; integrity?: string; link?: boolean }
export type Lock = { packages: Record<string, LockedPackage> }

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/

/** Every reason why `npm ci` could stop, or fetch something else than we tried, on a machine that isn't this one. */
export function lockProblems(manifest: Manifest, lock: Lock): string[] {
  return [...unlockedNames(manifest, lock), ...missingPlatforms(lock), ...unsafePackages(lock)]
}

function unlockedNames(manifest: Manifest, lock: Lock): string[] {
  return KINDS.flatMap((kind) => {
    const asked = manifest[kind] ?? {}
    const noted = lock.packages['']?.[kind] ?? {}
    const gone = Object.keys(noted).filter((name) => !(name in asked))
    return [
      ...gone.map((name) => `${name} is in the lock file but no longer in package.json`),
      ...Object.entries(asked).flatMap(([name, version]) => {
        if (!EXACT.test(version)) return [`${name} asks for ${version}: give one exact version`]
        const locked = lock.packages[`node_modules/${name}`]?.version
        if (noted[name] === version && locked === version) return []
        return [`${name} is ${version} in package.json but ${locked ?? 'missing'} in the lock file`]
      }),
    ]
  })
}

/** npm drops an optional package it can't find without a word, and `npm ci` then fails where that one is needed. */
function missingPlatforms(lock: Lock): string[] {
  const names = new Set(Object.keys(lock.packages).map((place) => place.replace(/^.*node_modules\//, '')))
  return Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `${name}, optional for ${place || 'this project'}, is missing from the lock file`),
  )
}

function unsafePackages(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([place, { resolved, integrity, link }]) => {
    if (place === '') return []
    if (resolved !== undefined) return [`${place} is tied to ${resolved}: the lock file must not name a registry`]
    return integrity || link ? [] : [`${place} has no integrity hash`]
  })
}

if (process.argv[1] === import.meta.filename) {
  const read = (name: string) => JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../..', name), 'utf8'))
  const problems = lockProblems(read('package.json'), read('package-lock.json'))
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
