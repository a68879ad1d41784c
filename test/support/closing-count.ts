import fs from 'node:fs'

type Results = { testResults: { status: string; assertionResults: { status: string }[] }[] }

/** The tests of a run, counted. A file that could not even be read, or a run that ended badly, is one more failure. */
export function closingCount(results: Results | undefined, exitCode: number): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const file of results?.testResults ?? []) {
    const count = (status: string) => file.assertionResults.filter((test) => test.status === status).length
    passed += count('passed')
    failed += count('failed')
    if (file.status === 'failed' && count('failed') === 0) failed += 1
  }
  if (failed === 0 && (exitCode !== 0 || passed === 0)) failed = 1
  return { passed, failed }
}

function read(file: string): Results | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined // the run ended before it could write
  }
}

if (process.argv[1] === import.meta.filename) {
  const [file = '', exitCode = '1'] = process.argv.slice(2)
  const { passed, failed } = closingCount(read(file), Number(exitCode))
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}
