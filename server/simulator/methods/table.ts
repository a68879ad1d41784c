import { appMethods } from './apps.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { identityMethods } from './identity.ts'
import type { Method } from './method.ts'
import { peopleMethods } from './people.ts'

/** Every Web API method the simulator answers, besides the two that need no token (api.test, oauth.v2.access). */
export const METHODS: Record<string, Method> = {
  ...identityMethods,
  ...peopleMethods,
  ...conversationMethods,
  ...chatMethods,
  ...fileMethods,
  ...appMethods,
}

/** The method of a name out of an address, which may be any word, `constructor` too. */
export const findMethod = (name: string): Method | undefined =>
  Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
