/** How a platform checks who calls, with the library of Standard Webhooks for its language. */
export const snippets = {
  node: `// npm install standardwebhooks express
import { env } from 'node:process'
import express from 'express'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(env.SWITCHBOARD_SECRET)

// The raw body: once parsed and written again it would have another signature.
express()
  .post('/switchboard', express.raw({ type: 'application/json' }), (request, response) => {
    let call
    try {
      call = webhook.verify(request.body.toString(), request.headers)
    } catch {
      return response.sendStatus(401)
    }
    if (call.type === 'schedule.run') return response.json({ events: [] })
    response.json({})
  })
  .listen(8080)`,
  python: `# pip install standardwebhooks flask
import os
from flask import Flask, jsonify, request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

app = Flask(__name__)
webhook = Webhook(os.environ["SWITCHBOARD_SECRET"])

@app.post("/switchboard")
def switchboard():
    try:
        # The raw body: once parsed and written again it would have another signature.
        call = webhook.verify(request.get_data(), dict(request.headers))
    except WebhookVerificationError:
        return "", 401
    if call["type"] == "schedule.run":
        return jsonify(events=[])
    return jsonify()`,
} as const

export type SnippetLanguage = keyof typeof snippets
