import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DeliveryFilter } from '../../shared/deliveries.ts'
import { PageQuery } from '../../shared/paging.ts'
import '../../shared/schema-words.ts'

const wordsOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message

describe('what a schema brings no sentence for is said in plain words', () => {
  test.each([
    [z.array(z.string()), undefined, 'This is missing; it has to be a list.'],
    [z.array(z.string()), {}, 'This has to be a list, not an object.'],
    [z.string(), 5, 'This has to be a text, not a number.'],
    [z.string(), null, 'This has to be a text, not null.'],
    [z.boolean(), 'true', 'This has to be true or false, not a text.'],
    [z.int(), 1.5, 'This has to be a whole number, not a number.'],
    [z.coerce.number(), 'many', 'This has to be a number.'],
    [z.enum(['one', 'two']), 'three', 'This has to be one of one, two.'],
    [z.literal('one'), 'three', 'This has to be one.'],
    [z.string().max(3), 'four', 'At most 3 characters; this has 4.'],
    [z.string().max(1), 'two', 'At most 1 character; this has 3.'],
    [z.string().min(1), '', "This can't be empty."],
    [z.string().min(5), 'four', 'At least 5 characters; this has 4.'],
    [z.string().length(5), 'four', 'Exactly 5 characters; this has 4.'],
    [z.array(z.string()).min(1), [], 'Give at least one.'],
    [z.array(z.string()).max(1), ['one', 'two'], 'At most 1 item; this has 2.'],
    [z.number().max(3), 4, 'At most 3.'],
    [z.number().min(3), 2, 'At least 3.'],
    [z.number().positive(), 0, 'More than 0.'],
    [z.number().multipleOf(5), 7, 'This has to be a multiple of 5.'],
    [z.iso.datetime({ offset: true }), 'yesterday', 'Write a time with its zone, such as 2026-11-24T14:05:00Z.'],
    [z.url(), 'acme', 'Write a whole address, such as https://platform.example.com/switchboard.'],
    [z.email(), 'ada', 'Write a whole e-mail address, such as ada@acme.example.'],
    [z.string().startsWith('/'), 'deploy', 'This has to start with "/".'],
    [z.string().regex(/^[a-z]+$/), '7', 'This has to match the pattern /^[a-z]+$/.'],
    [z.strictObject({}), { colour: 1 }, 'There is no field "colour" here.'],
    [z.record(z.string().max(2), z.string()), { long: '' }, 'At most 2 characters; this has 4.'],
    [z.union([z.string(), z.array(z.string())]), 5, 'This has to be a text or a list, not a number.'],
    [z.union([z.string(), z.array(z.string())]), undefined, 'This is missing; it has to be a text or a list.'],
    [
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('one') }), z.object({ kind: z.literal('two') })]),
      { kind: 'three' },
      'This has to be one of one, two.',
    ],
    [z.string().refine(() => false), 'one', 'This does not fit here.'],
  ])('%#: %s', (schema, value, words) => {
    expect(wordsOf(schema, value)).toBe(words)
  })

  test('a sentence that a schema brings itself stays', () => {
    expect(wordsOf(z.string().min(1, 'A name is needed.'), '')).toBe('A name is needed.')
    expect(wordsOf(z.string('Give it a name.'), 5)).toBe('Give it a name.')
    expect(
      wordsOf(
        z.string().refine(() => false, 'This name is taken.'),
        'one',
      ),
    ).toBe('This name is taken.')
  })

  test('what the console asks for by address is refused so that a person can mend the address', () => {
    expect(wordsOf(DeliveryFilter, { state: 'gone' })).toMatch(/^This has to be one of pending, sending, /)
    expect(wordsOf(DeliveryFilter, { from: 'gone' })).toMatch(/^Write a time with its zone/)
    expect(wordsOf(DeliveryFilter, { code: 'c'.repeat(101) })).toBe('At most 100 characters; this has 101.')
    expect(wordsOf(PageQuery, { limit: 'many' })).toBe('This has to be a number.')
  })
})
