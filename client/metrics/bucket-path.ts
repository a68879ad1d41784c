import { withQuery } from '../lib/api.ts'

/** The address of a list that shows exactly what one bucket of a chart counted: its end is the next one's beginning. */
export function bucketPath(
  page: string,
  at: number,
  stepMs: number,
  filter: Record<string, string | undefined>,
): string {
  return withQuery(page, { from: new Date(at).toISOString(), to: new Date(at + stepMs).toISOString(), ...filter })
}
