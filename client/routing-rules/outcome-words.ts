import type { Because, ConditionPart, DecidedDestination, Explanation, RuleTrial } from '../../shared/routing-rules.ts'
import type { Shape, Tone } from '../ui/StatePill.tsx'

type Look = { tone: Tone; shape?: Shape; word: string }

export const ruleOutcomes: Record<RuleTrial['outcome'], Look> = {
  matched: { tone: 'ok', word: 'Matched' },
  not_matched: { tone: 'neutral', shape: 'minus', word: 'Did not match' },
  off: { tone: 'neutral', shape: 'pause', word: 'Off' },
  after_stop: { tone: 'neutral', shape: 'ban', word: 'Not tried: a rule before it stopped' },
}

export const partOutcomes: Record<ConditionPart['outcome'], Look> = {
  true: { tone: 'ok', word: 'true' },
  false: { tone: 'neutral', shape: 'minus', word: 'false' },
  missing: { tone: 'warn', shape: 'dashed', word: 'not in the event' },
  skipped: { tone: 'neutral', shape: 'dashed', word: 'not needed' },
}

export const decidedOutcomes: Record<DecidedDestination['outcome'], Look> = {
  send: { tone: 'ok', word: 'Sent' },
  hold: { tone: 'warn', shape: 'pause', word: 'Held' },
  suppress: { tone: 'neutral', shape: 'ban', word: 'Not sent' },
  reroute: { tone: 'warn', word: 'Sent to the fallback' },
}

/** The same of an event that is only tried. */
export const foreseenOutcomes: Record<DecidedDestination['outcome'], Look> = {
  send: { tone: 'ok', word: 'Would be sent' },
  hold: { tone: 'warn', shape: 'pause', word: 'Would be held' },
  suppress: { tone: 'neutral', shape: 'ban', word: 'Would not be sent' },
  reroute: { tone: 'warn', word: 'Would go to the fallback' },
}

/** What the type of an event had to say. */
export function typeWords({ name, outcome }: Explanation['type']): string {
  switch (outcome) {
    case 'applied':
      return `The notification type ${name} says where and how.`
    case 'off':
      return `The notification type ${name} is off: nothing of it is sent.`
    case 'unknown':
      return `No notification type is called ${name}, so only rules decide.`
    case 'named_by_event':
      return 'The event names its destinations itself, so neither its type nor any rule adds one.'
    case 'not_known':
      return 'What held when it came is no longer kept: only where it went is known, not why.'
  }
}

export function becauseWords({ kind, name }: Because): string {
  switch (kind) {
    case 'event':
      return 'the event names it'
    case 'type':
      return `the type ${name}`
    case 'rule':
      return `the rule ${name}`
    case 'fallback':
      return 'the fallback, as nothing else sends it'
    case 'not_known':
      return 'types and rules that are no longer kept'
  }
}
