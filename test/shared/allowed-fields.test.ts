import { describe, expect, test } from 'vitest'
import { cutToAllowed, isAllowed, readAllowed } from '../../shared/allowed-fields.ts'
import { NAMES_AND_URLS_ONLY } from '../../shared/notification-types.ts'

const EVENT = {
  type: 'issue.opened',
  severity: 'high',
  title: 'Door 3',
  text: 'Opened by Ada',
  url: 'https://example.com/3',
  recipient: 'ada@acme.example',
  priority: 'urgent',
  data: { issue: { id: 3, owner: 'Ada' }, people: [{ name: 'Kim', born: 1990 }, 'Ada'], secret: 's3cret' },
}

describe('what may be seen of an event', () => {
  test.each([
    ['all of it where no list is set', null, EVENT],
    ['its type and priority where the list is empty', [], { type: 'issue.opened', priority: 'urgent' }],
    [
      'names and addresses',
      [...NAMES_AND_URLS_ONLY],
      { type: 'issue.opened', priority: 'urgent', title: 'Door 3', url: 'https://example.com/3' },
    ],
    [
      'one field inside its data, by its path from the event',
      ['data.issue.id'],
      { type: 'issue.opened', priority: 'urgent', data: { issue: { id: 3 } } },
    ],
    [
      'one field inside its data, by its path from there',
      ['issue.id'],
      { type: 'issue.opened', priority: 'urgent', data: { issue: { id: 3 } } },
    ],
    [
      'a field of each entry of a list, and nothing of an entry that has no fields',
      ['people.name'],
      { type: 'issue.opened', priority: 'urgent', data: { people: [{ name: 'Kim' }, undefined] } },
    ],
    [
      'all of a field, also when a part of it is named as well',
      ['data.issue', 'data.issue.id'],
      { type: 'issue.opened', priority: 'urgent', data: { issue: { id: 3, owner: 'Ada' } } },
    ],
    [
      'nothing of a field that it does not have',
      ['toString', 'data.issue.constructor'],
      {
        type: 'issue.opened',
        priority: 'urgent',
        data: { issue: {} },
      },
    ],
  ])('%s', (_, fields, seen) => {
    expect(cutToAllowed(EVENT, readAllowed(fields))).toEqual(seen)
  })

  test('a field called __proto__ is a field like any other, and changes no object', () => {
    const event = JSON.parse('{"type":"a","data":{"__proto__":{"admin":true},"kept":1}}')

    const cut = cutToAllowed(event, readAllowed(['data.__proto__']))

    expect(JSON.stringify(cut)).toBe('{"type":"a","data":{"__proto__":{"admin":true}}}')
    expect(Object.getPrototypeOf(cut.data)).toBe(Object.prototype)
    expect(cutToAllowed(event, readAllowed(['kept'])).data).toEqual({ kept: 1 })
  })

  test.each([
    [null, 'data.secret', true],
    [['title'], 'title', true],
    [['title'], 'text', false],
    [['data.issue'], 'issue.owner', true],
    [['issue.id'], 'data.issue', false],
    [['data'], 'anything', true],
    [[], 'type', true],
  ])('of the list %j, %s: %s', (fields, path, seen) => {
    expect(isAllowed(readAllowed(fields), path)).toBe(seen)
  })
})
