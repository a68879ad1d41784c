import { Hono } from 'hono'
import { z } from 'zod'
import { clickElement, findElement, useCommand } from '../interactions.ts'
import type { Sandbox } from '../sandbox.ts'
import { SIGN_WITH } from '../signing.ts'
import { getApp } from './apps.ts'
import { getChannel, getMessage, getUser } from './channels.ts'
import { ControlError, notFound, readInput } from './input.ts'

const UseCommand = z.strictObject({
  appId: z.string().optional(),
  userId: z.string(),
  channelId: z.string(),
  command: z.string().regex(/^\/\S+$/, 'must start with /'),
  text: z.string().default(''),
  signWith: z.enum(SIGN_WITH).optional(),
})

const Click = z.strictObject({
  channelId: z.string(),
  ts: z.string(),
  actionId: z.string(),
  userId: z.string(),
  value: z.string().optional(),
  signWith: z.enum(SIGN_WITH).optional(),
})

/** What a person in Slack does that an app hears of: commands typed, buttons clicked. */
export function actsControl(sandbox: Sandbox) {
  return new Hono()
    .post('/commands', async (c) => {
      const input = await readInput(c, UseCommand)
      const app = getApp(sandbox, input.appId)
      if (!app.commandsUrl) throw new ControlError(409, `${app.name} has no commandsUrl: PATCH /_sim/apps/${app.id}.`)
      const answered = await useCommand(sandbox, {
        app,
        url: app.commandsUrl,
        user: getUser(sandbox, input.userId),
        channel: getChannel(sandbox, input.channelId),
        command: input.command,
        text: input.text,
        signWith: input.signWith,
      })
      return c.json(answered)
    })
    .post('/clicks', async (c) => {
      const input = await readInput(c, Click)
      const channel = getChannel(sandbox, input.channelId)
      const message = getMessage(sandbox, channel, input.ts)
      const element = findElement(message, input.actionId)
      if (!element) throw notFound('button or menu', input.actionId, 'actionId')
      const app = getApp(sandbox, message.app_id)
      if (!app.interactivityUrl) {
        throw new ControlError(409, `${app.name} has no interactivityUrl: PATCH /_sim/apps/${app.id}.`)
      }
      const answered = await clickElement(sandbox, {
        app,
        url: app.interactivityUrl,
        user: getUser(sandbox, input.userId),
        channel,
        message,
        element,
        value: input.value,
        signWith: input.signWith,
      })
      return c.json(answered)
    })
}
