import { findJson, findText, isJsonList, readText } from '../args.ts'
import { readContent } from '../content.ts'
import { PlatformError } from '../envelope.ts'
import { alphanumeric, slackId } from '../ids.ts'
import { addMessage, findMessage, fromBot } from '../messages.ts'
import type { Channel, Json, SlackFile } from '../workspace.ts'
import { isVisible } from './access.ts'
import { BOT_OR_USER, type Method, type MethodCall } from './method.ts'

const MOST_BYTES = 1024 * 1024 * 1024
const LONGEST_ALT_TEXT = 1_000

/** Uploading a file in three steps, and looking where it shows. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    tier: 't4',
    tokens: BOT_OR_USER,
    scopes: ['files:write'],
    run: (call) => {
      const name = readText(call.args, 'filename')
      const size = Number(findText(call.args, 'length'))
      const altText = findText(call.args, 'alt_txt')
      if (!Number.isInteger(size) || size < 1) throw new PlatformError('missing_argument')
      if (size > MOST_BYTES) throw new PlatformError('file_upload_size_restricted')
      if (altText && altText.length > LONGEST_ALT_TEXT) throw new PlatformError('alt_txt_too_large')
      const file = newFile(call, { name, size, ...(altText ? { altText } : {}) })
      call.workspace.files.set(file.id, file)
      return { upload_url: `${call.sandbox.url}/upload/v1/${file.uploadKey}`, file_id: file.id }
    },
  },
  'files.completeUploadExternal': {
    tier: 't4',
    json: true,
    tokens: BOT_OR_USER,
    scopes: ['files:write'],
    run: (call) => {
      const files = ownUploads(call)
      const place = placeOf(call)
      const content = commentOf(call)
      for (const { file, title } of files) {
        file.isCompleted = true
        file.title = title
      }
      const uploads = files.map(({ file }) => file)
      // The answer goes out before the file shows: whoever wants its ts has to look for it.
      const answer = { files: uploads.map((file) => fileObject(call, file)) }
      if (place) showLater(call, uploads, place, content)
      return answer
    },
  },
  'files.info': {
    tier: 't4',
    tokens: BOT_OR_USER,
    scopes: ['files:read'],
    run: (call) => {
      const file = call.workspace.files.get(readText(call.args, 'file'))
      if (!file?.isCompleted) throw new PlatformError('file_not_found')
      return { file: fileObject(call, file), comments: [], response_metadata: { next_cursor: '' } }
    },
  },
}

type Place = { channel: Channel; threadTs?: string }

function newFile(call: MethodCall, given: Pick<SlackFile, 'name' | 'size'> & { altText?: string }): SlackFile {
  return {
    id: slackId('F'),
    uploadKey: alphanumeric(40),
    appId: call.app.id,
    userId: call.token.userId,
    title: given.name,
    createdAt: call.sandbox.now(),
    isCompleted: false,
    shares: [],
    ...given,
  }
}

function ownUploads(call: MethodCall): { file: SlackFile; title: string }[] {
  const asked = findJson(call.args, 'files', 'invalid_arguments')
  if (!isJsonList(asked) || asked.length === 0) throw new PlatformError('invalid_arguments')
  return asked.map(({ id, title }) => {
    const file = call.workspace.files.get(String(id))
    const isReady = file?.appId === call.app.id && file.uploadedBytes === file.size && !file.isCompleted
    if (!file || !isReady) throw new PlatformError('file_not_found')
    return { file, title: typeof title === 'string' ? title : file.name }
  })
}

/** Ids only: a name is not found here. Without a channel the file stays private. */
function placeOf(call: MethodCall): Place | undefined {
  const id = findText(call.args, 'channel_id') ?? findText(call.args, 'channels')
  if (id === undefined) return undefined
  const channel = call.workspace.channels.get(id)
  if (!channel || !isVisible(channel, call.token)) throw new PlatformError('channel_not_found')
  if (!channel.members.has(call.token.userId)) throw new PlatformError('not_in_channel')
  if (channel.isArchived || channel.readOnly) throw new PlatformError('posting_to_channel_denied')
  const threadTs = findText(call.args, 'thread_ts')
  if (threadTs === undefined) return { channel }
  const parent = findMessage(call.sandbox, channel, threadTs)
  if (!parent) throw new PlatformError('thread_not_found')
  return { channel, threadTs: parent.thread_ts ?? parent.ts }
}

function commentOf(call: MethodCall): { text: string; blocks?: Json[] } {
  const text = findText(call.args, 'initial_comment') ?? ''
  if (text === '' && !findText(call.args, 'blocks')) return { text }
  const { warnings: _, attachments: __, ...said } = readContent({ ...call.args, text }, { sumOfBlocksIsChecked: true })
  return said
}

function showLater(call: MethodCall, files: SlackFile[], place: Place, said: { text: string; blocks?: Json[] }): void {
  const { sandbox, app } = call
  const show = () => {
    const { channel, threadTs } = place
    const shared = files.map((file) => fileObject(call, file))
    const thread = threadTs ? { thread_ts: threadTs } : {}
    const { ts } = addMessage(sandbox, channel, { ...fromBot(sandbox, app), ...said, files: shared, ...thread })
    const isPrivate = channel.kind !== 'public'
    for (const file of files) file.shares.push({ channelId: channel.id, isPrivate, ts, ...(threadTs && { threadTs }) })
  }
  if (sandbox.fileShareMs === 0) show()
  else setTimeout(() => sandbox.stopping.aborted || show(), sandbox.fileShareMs).unref()
}

function fileObject(call: MethodCall, file: SlackFile): Json {
  const { team } = call.workspace
  const sharesOf = (isPrivate: boolean) => {
    const shares = file.shares.filter((share) => share.isPrivate === isPrivate)
    const entries = shares.map(({ channelId, ts, threadTs }) => [
      channelId,
      [{ ts, ...(threadTs ? { thread_ts: threadTs } : {}) }],
    ])
    return entries.length > 0 ? Object.fromEntries(entries) : undefined
  }
  const [open, hidden] = [sharesOf(false), sharesOf(true)]
  return {
    id: file.id,
    created: Math.floor(file.createdAt / 1000),
    name: file.name,
    title: file.title,
    mimetype: '',
    filetype: '',
    user: file.userId,
    size: file.size,
    mode: 'hosted',
    permalink: `https://${team.domain}.slack.com/files/${file.userId}/${file.id}/${encodeURIComponent(file.name)}`,
    channels: file.shares.filter(({ isPrivate }) => !isPrivate).map(({ channelId }) => channelId),
    shares: { ...(open ? { public: open } : {}), ...(hidden ? { private: hidden } : {}) },
    ...(file.altText ? { alt_txt: file.altText } : {}),
  }
}
