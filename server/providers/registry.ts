import type { ProviderKind } from '../../shared/integrations.ts'
import type { Provider } from './provider.ts'
import { slack } from './slack/slack.ts'

/** Every kind of integration that is built. */
export const providers: Record<ProviderKind, Provider> = { slack }
