import { type ReactNode, useContext } from 'react'
import classes from './centred.module.css'
import { Mark } from './Mark.tsx'
import { FrameContext, useDocumentTitle } from './PageFrame.tsx'

type Props = { title: string; lead?: ReactNode; width?: number; children?: ReactNode }

/** A page outside the frame: signing in, setting up, or saying why nothing else can be shown. */
export function CentredPage({ title, lead, width = 360, children }: Props) {
  const { product } = useContext(FrameContext)
  useDocumentTitle(title)
  return (
    <main className={classes.page} id="content">
      <div className={classes.column} style={{ '--column': `${width}px` }}>
        <p className={classes.product}>
          <Mark /> {product}
        </p>
        <h1 className={classes.title}>{title}</h1>
        {lead && <div className={classes.lead}>{lead}</div>}
        {children}
      </div>
    </main>
  )
}
