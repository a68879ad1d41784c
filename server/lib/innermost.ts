import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Of several forms that all don't fit, what is wrong in the one that was most probably meant: the last, the object. */
export function innermost(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const ofObjects = issue.errors.map((errors) =>
    errors.filter((each) => !(each.code === 'invalid_type' && each.path.length === 0)),
  )
  const meant = ofObjects
    .filter((errors, place) => errors.length === issue.errors[place]?.length)
    .sort((one, other) => one.length - other.length)[0]
  if (!meant) return [issue]
  return meant.flatMap((each) => innermost({ ...each, path: [...issue.path, ...each.path] } as Issue))
}
