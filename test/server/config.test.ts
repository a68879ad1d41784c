import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'

const KEY = Buffer.alloc(32, 1).toString('base64')

describe('settings', () => {
  test('an empty environment gives a server on loopback with SQLite and the real Slack', () => {
    const config = readConfig({})

    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      roles: ['api', 'worker'],
      slackApiUrl: 'https://slack.com/api/',
      slackWebhookHosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
    })
    expect(config.databaseUrl).toMatch(/^sqlite:\/.*\/data\/switchboard\.db$/)
  })

  test.each([
    ['SWITCHBOARD_PORT', 'eighty', 'SWITCHBOARD_PORT can\'t be "eighty". It takes a port from 0'],
    ['SWITCHBOARD_PORT', '70000', 'SWITCHBOARD_PORT can\'t be "70000"'],
    ['SWITCHBOARD_ROLES', 'api,boss', 'SWITCHBOARD_ROLES can\'t be "api,boss". It takes api, worker, or both'],
    ['SWITCHBOARD_PUBLIC_URL', 'switchboard.example.com', 'for example https://switchboard.example.com'],
    ['SWITCHBOARD_PUBLIC_URL', 'https://sb.example.com/x/', 'without a path'],
    ['SWITCHBOARD_LOG_LEVEL', 'loud', 'It takes trace, debug, info'],
    ['SWITCHBOARD_DATABASE_URL', 'mysql://x', "SWITCHBOARD_DATABASE_URL can't be that value. It takes postgres://"],
    ['SWITCHBOARD_MASTER_KEY', 'short', 'openssl rand -base64 32'],
    ['SWITCHBOARD_SETUP_TOKEN', 'guess', 'at least 16 characters'],
    ['SWITCHBOARD_MASTER_KEY_FILE', '/nonexistent/key', "SWITCHBOARD_MASTER_KEY_FILE can't be read"],
    ['SLACK_API_URL', 'http://slack.example.com/api/', 'SLACK_API_URL sends the bot token over plain http'],
    ['SLACK_API_URL', 'http://10.evil.example/api/', 'SLACK_API_URL sends the bot token over plain http'],
    ['SLACK_WEBHOOK_HOSTS', 'https://hooks.slack.com/', 'SLACK_WEBHOOK_HOSTS can\'t be "https://hooks.slack.com/"'],
    ['SWITCHBOARD_PROT', '3000', 'SWITCHBOARD_PROT is no setting of Switchboard'],
  ])('%s=%s stops the start and names the variable', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(message)
  })

  test('a value that may be a secret is not repeated', () => {
    expect(() => readConfig({ SWITCHBOARD_MASTER_KEY: 'hunter2hunter2' })).not.toThrow(/hunter2/)
  })

  test('the master key comes from a file, with or without a line end', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'key')
    writeFileSync(path, `${KEY}\n`)

    const config = readConfig({ SWITCHBOARD_MASTER_KEY_FILE: path })

    expect(config.masterKey).toEqual(Buffer.alloc(32, 1))
  })

  test('a Slack on a loopback port is taken, as the simulator is', () => {
    const config = readConfig({ SLACK_API_URL: 'http://127.0.0.1:4600/api', SLACK_WEBHOOK_HOSTS: '127.0.0.1:4600' })

    expect(config).toMatchObject({ slackApiUrl: 'http://127.0.0.1:4600/api/', slackWebhookHosts: ['127.0.0.1:4600'] })
  })

  test('the public address keeps no slash', () => {
    expect(readConfig({ SWITCHBOARD_PUBLIC_URL: 'https://sb.example.com/' }).publicUrl).toBe('https://sb.example.com')
  })
})
