import { ActionIcon } from '@mantine/core'
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { IconMenu2 } from './icons.ts'
import classes from './page.module.css'

export type Crumb = { label: string; to: string }

type Props = {
  /** Named in the top bar and in the browser's tab. */
  title: string
  /** The way here. With it, the bar shows the path, and the page's own PageHead holds the heading. */
  breadcrumbs?: Crumb[]
  /** Small things beside the last step of the path, such as a copy button. */
  aside?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** What stands around the page: the tab's title, the way to the navigation on a phone, what every page tells below its bar. */
export const FrameContext = createContext<{ product: string; openNavigation?: () => void; banner?: ReactNode }>({
  product: '',
})

/** The top bar and the main area of one page. Every page has exactly one. */
export function PageFrame({ title, breadcrumbs, aside, actions, children }: Props) {
  const { openNavigation, banner } = useContext(FrameContext)
  useDocumentTitle(title)
  return (
    <>
      <header className={classes.bar}>
        {openNavigation && (
          <ActionIcon className={classes.menu} size={40} aria-label="Open navigation" onClick={openNavigation}>
            <IconMenu2 style={{ '--icon': '20px' }} />
          </ActionIcon>
        )}
        {breadcrumbs ? (
          <Breadcrumbs crumbs={breadcrumbs} title={title} aside={aside} />
        ) : (
          <h1 className={classes.title}>{title}</h1>
        )}
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {banner}
      <main className={classes.main} id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

function Breadcrumbs({ crumbs, title, aside }: { crumbs: Crumb[]; title: string; aside: ReactNode }) {
  return (
    <nav className={classes.crumbs} aria-label="Breadcrumbs">
      <ol>
        {crumbs.map((crumb) => (
          <li key={crumb.to}>
            <Link to={crumb.to}>{crumb.label}</Link>
            <span aria-hidden="true">/</span>
          </li>
        ))}
        <li>
          <span aria-current="page">{title}</span>
          {aside}
        </li>
      </ol>
    </nav>
  )
}

/** Names the page in the browser's tab; a reader of another tab sees where they are. */
export function useDocumentTitle(title: string): void {
  const { product } = useContext(FrameContext)
  const before = useRef(document.title)
  useEffect(() => {
    document.title = product ? `${title} · ${product}` : title
    const previous = before.current
    return () => {
      document.title = previous
    }
  }, [title, product])
}
