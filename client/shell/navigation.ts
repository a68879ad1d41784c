import type { ComponentType } from 'react'
import type { Role } from '../../shared/users.ts'

/** A page that stands in the navigation, as router.tsx lists it. */
export type NavItem = {
  to: string
  label: string
  icon: ComponentType
  /** Other addresses that belong to it: it is marked there too. */
  within?: readonly string[]
  section: 'main' | 'admin'
  /** Who sees it; those below the role do not. */
  role: Role
  /** A few words at the right edge, such as how many wait. */
  note?: ComponentType
}
