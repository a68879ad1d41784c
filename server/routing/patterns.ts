import { RE2JS } from 're2js'
import { boundedPatterns } from '../../shared/conditions/patterns.ts'

/** What `matches` in a condition looks for: RE2, so that no pattern and no event can make it slow. */
export const compilePattern = boundedPatterns(RE2JS)
