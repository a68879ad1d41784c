import type { NotificationTypeChange } from '../../../shared/notification-types.ts'
import type { RouteDestination, RouteTarget } from '../../../shared/route-targets.ts'
import type { NewRoutingRule } from '../../../shared/routing-rules.ts'
import type { AppContext } from '../../context.ts'
import type { Place } from '../../destinations/find-or-create.ts'
import { findKnown } from '../../destinations/find-or-create.ts'
import { draftedType } from '../../routing/change-type.ts'
import { refuseUnsound } from '../../routing/conditions.ts'
import { keptType, openSnapshot, type Snapshot, type SnapshotBody } from '../../routing/snapshot.ts'
import { findTypeSettings } from '../../routing/store.ts'
import type { SavedTarget } from '../../routing/targets.ts'
import { readyTemplate } from '../../routing/used-templates.ts'

export type DraftRule = NewRoutingRule & { id?: string | undefined }

/** Places that are no destinations yet: nothing is made for a trial, so they go by ids that no destination has. */
export type NewPlaces = Map<string, RouteDestination>

/** Targets as somebody might save them. */
export async function draftTargets(ctx: AppContext, wanted: readonly RouteTarget[], places: NewPlaces) {
  const targets: SavedTarget[] = []
  for (const target of wanted) {
    if (typeof target === 'string') targets.push({ id: target })
    else if ('recipient' in target) targets.push(target)
    else targets.push({ id: await placeId(ctx, target, places) })
  }
  return targets
}

async function placeId(ctx: AppContext, place: Place, places: NewPlaces): Promise<string> {
  const known = await findKnown(ctx, place)
  if (known !== undefined) return known
  const name = 'channel' in place ? place.channel : place.person
  const id = `new ${place.integrationId} ${name}`
  places.set(id, { integrationId: place.integrationId, kind: 'channel' in place ? 'channel' : 'person', name })
  return id
}

/** The rules as they are but for one that is new or changed. */
export async function withRule(
  ctx: AppContext,
  snapshot: Snapshot,
  draft: DraftRule,
  places: NewPlaces,
): Promise<Snapshot> {
  refuseUnsound(draft.condition)
  const { name, condition, enabled = true, stop = false, mentions = [], priority = null } = draft
  const id = draft.id ?? DRAFT_ID
  const destinations = await draftTargets(ctx, draft.destinations ?? [], places)
  const rule = { id, name, condition, enabled, stop, mentions, priority, destinations }
  const before = snapshot.body.rules.findIndex((each) => each.id === id)
  const others = snapshot.body.rules.filter((each) => each.id !== id)
  const place = draft.position ?? (before < 0 ? others.length : before)
  return reopened(snapshot, { rules: [...others.slice(0, place), rule, ...others.slice(place)] })
}

/** By what a rule or template that is not saved is known. */
export const DRAFT_ID = 'draft'

export function withoutRule(snapshot: Snapshot, id: string): Snapshot {
  return reopened(snapshot, { rules: snapshot.body.rules.filter((rule) => rule.id !== id) })
}

/** The types as they are but for one. */
export async function withType(
  ctx: AppContext,
  snapshot: Snapshot,
  { name, change }: { name: string; change: NotificationTypeChange },
  places: NewPlaces,
): Promise<Snapshot> {
  const targets = change.destinations && (await draftTargets(ctx, change.destinations, places))
  const row = (await findTypeSettings(ctx.db, [name])).get(name)
  const type = keptType(draftedType(row, name, change, targets))
  return reopened(snapshot, { types: [...snapshot.body.types.filter((each) => each.type !== name), type] })
}

/** The messages of a type written by a source that nobody has saved. */
export async function withTemplate(ctx: AppContext, snapshot: Snapshot, type: string, source: string) {
  const known = snapshot.types.has(type)
    ? snapshot
    : await withType(ctx, snapshot, { name: type, change: {} }, new Map())
  const types = known.body.types.map((each) => (each.type === type ? { ...each, template: DRAFT_ID } : each))
  const templates = new Map([...snapshot.templates, [DRAFT_ID, readyTemplate(source)]])
  return { ...reopened(known, { types }), templates }
}

const reopened = ({ revision, body, templates }: Snapshot, change: Partial<SnapshotBody>): Snapshot =>
  openSnapshot(revision, { ...body, ...change }, templates)
