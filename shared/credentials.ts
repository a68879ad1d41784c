/** What an admin may enter about a Slack app. */
export type CredentialField =
  | 'appId'
  | 'clientId'
  | 'clientSecret'
  | 'signingSecret'
  | 'botToken'
  | 'appToken'
  | 'webhookUrl'
