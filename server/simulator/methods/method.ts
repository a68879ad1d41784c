import type { Args } from '../args.ts'
import type { Tier } from '../limits.ts'
import type { Sandbox } from '../sandbox.ts'
import type { App, Token, TokenKind, Workspace } from '../workspace.ts'

/** One call of a Web API method, after its token was found good. */
export type MethodCall = {
  sandbox: Sandbox
  workspace: Workspace
  args: Args
  token: Token
  app: App
}

/** One row of the table of methods. */
export type Method = {
  tier: Tier
  /** Takes a JSON body; without it JSON arguments are not seen, as with Slack. */
  json?: true
  postOnly?: true
  tokens: readonly TokenKind[]
  /** Scopes of which the token needs one. A function where they depend on the arguments. */
  scopes?: readonly string[] | ((args: Args) => readonly string[])
  run: (call: MethodCall) => Record<string, unknown>
}

export const BOT_OR_USER: readonly TokenKind[] = ['bot', 'user']
