import { Link } from 'react-router'
import type { Template } from '../../shared/templates.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'

/** What it is for, which version is in use, and by what. */
export function TemplateMeta({
  template: { description, version, updatedAt, updatedBy, usedBy },
}: {
  template: Template
}) {
  return (
    <>
      {description && <p>{description}</p>}
      <p>
        Version {version}, <RelativeTime at={updatedAt} /> by {updatedBy}.{' '}
        {usedBy.length === 0 ? 'No notification type uses it yet.' : 'Used by '}
        {usedBy.map((type, place) => (
          <span key={type}>
            {place > 0 && ', '}
            <Link to={`/notifications/types/${encodeURIComponent(type)}`}>{type}</Link>
          </span>
        ))}
      </p>
    </>
  )
}
