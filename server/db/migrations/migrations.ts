import * as users from './0001-users.ts'
import * as vault from './0002-vault.ts'
import * as audit from './0003-audit.ts'
import * as integrations from './0004-integrations.ts'
import * as destinations from './0005-destinations.ts'
import * as deliveries from './0006-deliveries.ts'
import * as inbound from './0007-inbound.ts'
import * as metrics from './0008-metrics.ts'
import * as inboundSeen from './0009-inbound-seen.ts'
import * as deliveryLanes from './0010-delivery-lanes.ts'
import * as probeClaims from './0011-probe-claims.ts'
import * as deliveryEngine from './0012-delivery-engine.ts'
import * as deliveryLog from './0013-delivery-log.ts'
import * as routing from './0014-routing.ts'
import * as templates from './0015-templates.ts'
import * as mentions from './0016-mentions.ts'
import * as platform from './0017-platform.ts'
import * as schedules from './0018-schedules.ts'
import * as quietHours from './0019-quiet-hours.ts'
import * as configuration from './0020-configuration.ts'
import * as routingNotes from './0022-routing-notes.ts'
import * as retention from './0023-retention.ts'
import * as commandAnswers from './0025-command-answers.ts'
import * as eventsListed from './0026-events-listed.ts'
import * as templateCases from './0027-template-cases.ts'
import * as sweeps from './0028-sweeps.ts'
import * as standing from './0029-standing.ts'

/** Every migration in order; one that has landed is never edited. */
export const migrations = {
  '0001-users': users,
  '0002-vault': vault,
  '0003-audit': audit,
  '0004-integrations': integrations,
  '0005-destinations': destinations,
  '0006-deliveries': deliveries,
  '0007-inbound': inbound,
  '0008-metrics': metrics,
  '0009-inbound-seen': inboundSeen,
  '0010-delivery-lanes': deliveryLanes,
  '0011-probe-claims': probeClaims,
  '0012-delivery-engine': deliveryEngine,
  '0013-delivery-log': deliveryLog,
  '0014-routing': routing,
  '0015-templates': templates,
  '0016-mentions': mentions,
  '0017-platform': platform,
  '0018-schedules': schedules,
  '0019-quiet-hours': quietHours,
  '0020-configuration': configuration,
  '0022-routing-notes': routingNotes,
  '0023-retention': retention,
  '0025-command-answers': commandAnswers,
  '0026-events-listed': eventsListed,
  '0027-template-cases': templateCases,
  '0028-sweeps': sweeps,
  '0029-standing': standing,
}
