import { describe, expect, test } from 'vitest'
import { readBlocks, standardBlocks } from '../../../client/destinations/message-draft.ts'

describe('blocks somebody wrote', () => {
  test('are taken as a list, and as Block Kit Builder copies them', () => {
    expect(readBlocks(JSON.stringify(standardBlocks))).toEqual({ blocks: standardBlocks })
    expect(readBlocks(JSON.stringify({ blocks: standardBlocks }))).toEqual({ blocks: standardBlocks })
  })

  test.each([
    ['[{"type":"divider"}', /^Not valid JSON/],
    ['"hello"', /JSON list/],
    ['{"text":"hello"}', /JSON list/],
    ['[]', /no block/],
    ['[{"type":"divider"},{"text":"x"}]', /Block 2 has no “type”/],
    ['[null]', /Block 1 has no “type”/],
    [JSON.stringify(Array.from({ length: 51 }, () => ({ type: 'divider' }))), /at most 50 blocks; these are 51/],
  ])('are refused with the reason: %s', (source, problem) => {
    expect(readBlocks(source)).toEqual({ problem: expect.stringMatching(problem) })
  })
})
