/** What Switchboard asks when a person types one of the platform's commands. */
export type CommandUse = {
  handler: string
  parameters: Record<string, string>
  user: { id: string; name: string }
  invocationId: string
}

export type CommandReply = {
  text: string
  blocks?: Record<string, unknown>[]
  responseType?: 'ephemeral' | 'in_channel'
}

type Handler = (use: CommandUse, siteUrl: string) => CommandReply

const FRAMEWORKS: Readonly<Record<string, string>> = {
  soc2: '*SOC 2*  42 of 44 controls pass',
  iso27001: '*ISO 27001*  91 of 93 controls pass',
  gdpr: '*GDPR*  all 27 measures are in place',
}

const complianceStatus: Handler = ({ parameters: { framework = '' } }, siteUrl) => {
  const lines = framework === '' ? Object.values(FRAMEWORKS) : [FRAMEWORKS[framework.toLowerCase()]].filter(Boolean)
  if (lines.length === 0) {
    // What a person typed comes as Slack escapes it, so it may stand in an answer as it is.
    return { text: `No framework is called ${framework}. Ask for ${Object.keys(FRAMEWORKS).join(', ')}.` }
  }
  return {
    text: lines.join('\n').replaceAll('*', ''),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `<${siteUrl}/compliance|Open the controls>` }] },
    ],
  }
}

const KINDS = ['document', 'screenshot', 'log']

const evidenceUpload: Handler = ({ parameters: { type = '', description = '' }, invocationId }, siteUrl) => {
  if (!KINDS.includes(type))
    return { text: `Say which kind it is: ${KINDS.join(', ')}. \`/evidence document Policy 4.2\`` }
  if (description === '') return { text: `Say what the ${type} shows: \`/evidence ${type} Login page of CC6.7\`` }
  return { text: `Noted: a ${type}, “${description}”. <${siteUrl}/evidence/new?for=${invocationId}|Add the file>` }
}

const RISKS = [
  { level: 'high', title: 'Signing key printed in a build' },
  { level: 'medium', title: 'Two laptops without disk encryption' },
  { level: 'low', title: 'A policy that is due for review' },
]

const riskAssessment: Handler = ({ parameters: { level = '' } }) => {
  const risks = RISKS.filter((risk) => level === '' || risk.level === level.toLowerCase())
  if (risks.length === 0) return { text: `No risk is of the level ${level}. There are high, medium and low.` }
  return { text: risks.map((risk) => `• *${risk.level}*  ${risk.title}`).join('\n') }
}

const auditStart: Handler = ({ parameters: { type = '' }, user }, siteUrl) => {
  if (type === '') return { text: 'Say which audit: `/audit internal` or `/audit soc2`.' }
  return {
    text: `<@${user.id}> started the audit ${type}. <${siteUrl}/audits|Follow it>`,
    responseType: 'in_channel',
  }
}

/** By the names that the platform's configuration file gives them. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  compliance_status_command: complianceStatus,
  evidence_upload_command: evidenceUpload,
  risk_assessment_command: riskAssessment,
  audit_start_command: auditStart,
}

/** What the person, or everybody in the channel, is told. */
export function replyTo(use: CommandUse, siteUrl: string): CommandReply {
  const handler = Object.hasOwn(HANDLERS, use.handler) ? HANDLERS[use.handler] : undefined
  return handler ? handler(use, siteUrl) : { text: 'This platform does not know the command yet.' }
}
