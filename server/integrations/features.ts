import { isSlackFeature } from '../../shared/slack-scopes.ts'
import { Refusal } from '../errors.ts'

/** The features, each once. A key that is none is refused, naming it. */
export function checkedFeatures(features: string[]): string[] {
  const wrong = features.findIndex((key) => !isSlackFeature(key))
  if (wrong >= 0) {
    throw new Refusal('invalid', `There is no feature "${features[wrong]}".`, { field: `features.${wrong}` })
  }
  return [...new Set(features)]
}
