import type { RouteDestination } from '../../shared/route-targets.ts'
import classes from './notification-types.module.css'
import { targetKinds, targetName } from './target-words.ts'

/** A destination by its kind and name, and, where there are several workspaces, which of them. */
export function TargetName({ shown, integration }: { shown: RouteDestination; integration?: string | undefined }) {
  const { icon: Icon, label } = targetKinds[shown.kind]
  return (
    <span className={classes.target}>
      <span className={classes.targetIcon} title={label}>
        <Icon />
      </span>
      <span className={classes.type}>{targetName(shown)}</span>
      {integration && <span className={classes.meta}>{integration}</span>}
    </span>
  )
}
