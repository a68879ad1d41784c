import { slackCode } from '../../shared/slack-codes.ts'
import type { CallFailure } from '../providers/provider.ts'
import { plain } from './print.ts'
import { EXIT, type ExitCode } from './problem.ts'

/** Who a failure is of: Slack, the road to it, or Switchboard, which would not send it. */
export function exitOfFailure({ kind, code }: CallFailure, httpStatus: number | undefined): ExitCode {
  const isOfTheRoad = slackCode(code).from.includes('network')
  if (kind === 'permanent' && isOfTheRoad) return EXIT.failed
  if (isOfTheRoad || (httpStatus !== undefined && httpStatus >= 500)) return EXIT.unreachable
  // Without an answer nobody was asked: the token, for example, is not even of a form that can be sent.
  return httpStatus === undefined ? EXIT.failed : EXIT.slackSaidNo
}

/** What a failure means and what to do about it, by the same table as a delivery of the server. */
export function said(failure: CallFailure): { meaning: string; fix: string } {
  const { meaning, fix } = slackCode(failure.code)
  const detail = failure.kind === 'permanent' && failure.detail ? ` Slack adds: ${plain(failure.detail)}.` : ''
  return { meaning: `${meaning} (${failure.code})${detail}`, fix }
}
