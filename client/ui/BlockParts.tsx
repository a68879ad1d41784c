import type { ReactNode } from 'react'
import { actingOf, blocksIn, type Part, partsOf, pictureWords } from '../../shared/slack-blocks.ts'
import classes from './block-parts.module.css'
import { IconChevronRight, IconPhoto } from './icons.ts'

type Json = Record<string, unknown>
type Props = {
  blocks: Json[]
  scheme: 'light' | 'dark'
  /** Draws blocks that only show something. */
  draw: (blocks: Json[]) => ReactNode
  /** Draws what can be pressed or chosen from, in a row. */
  act: (elements: Json[]) => ReactNode
}

/** The blocks of a message, one below the other: cards and containers are drawn here, with what they hold. */
export function BlockParts({ blocks, ...drawing }: Props) {
  return partsOf(blocks).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one message never change places
    <OnePart key={index} part={part} {...drawing} />
  ))
}

type Drawing = Omit<Props, 'blocks'>

function OnePart({ part, ...drawing }: Drawing & { part: Part }): ReactNode {
  switch (part.kind) {
    case 'shown':
      return drawing.draw(part.blocks)
    case 'actions':
      return drawing.act(part.elements)
    case 'card':
      return <Card card={part.card} {...drawing} />
    case 'carousel':
      return <Carousel cards={part.cards} {...drawing} />
    case 'container':
      return <Container container={part.container} {...drawing} />
  }
}

function Carousel({ cards, ...drawing }: Drawing & { cards: Json[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={classes.carousel} aria-label={`${cards.length} cards`} tabIndex={0}>
      {cards.map((card, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cards of one message never change places
        <Card key={index} card={card} {...drawing} />
      ))}
    </section>
  )
}

function Card({ card, scheme, draw, act }: Drawing & { card: Json }) {
  const { title, subtitle, body, icon, hero_image } = card
  const hero = pictureWords(hero_image)
  const actions = actingOf(card.actions)
  return (
    <div className={classes.card} data-scheme={scheme}>
      {hero && (
        <p className={classes.hero}>
          <IconPhoto aria-hidden="true" />
          <span>{hero}</span>
        </p>
      )}
      <div className={classes.inside}>
        <Head {...{ title, subtitle, icon, draw }} />
        {body !== undefined && draw([sectionOf(body)])}
        {actions.length > 0 && act(actions)}
      </div>
    </div>
  )
}

function Container({ container, scheme, draw, act }: Drawing & { container: Json }) {
  const { title, rich_text_title: richTitle, subtitle, icon, width } = container
  const head = <Head title={richTitle ?? title} {...{ subtitle, icon, draw }} />
  const inside = (
    <div className={classes.held}>
      <BlockParts blocks={blocksIn(container)} {...{ scheme, draw, act }} />
    </div>
  )
  const look = { className: classes.container, 'data-scheme': scheme, 'data-width': String(width ?? 'standard') }
  if (container.is_collapsible !== true) {
    return (
      <div {...look} data-divided={container.has_header_divider === true || undefined}>
        <div className={classes.head}>{head}</div>
        {inside}
      </div>
    )
  }
  return (
    <details {...look} open={container.default_collapsed !== true}>
      <summary className={classes.head}>
        <IconChevronRight aria-hidden="true" />
        {head}
      </summary>
      {inside}
    </details>
  )
}

function Head({ title, subtitle, icon, draw }: Record<'title' | 'subtitle' | 'icon', unknown> & Pick<Props, 'draw'>) {
  const picture = pictureWords(icon)
  if (title === undefined && subtitle === undefined && !picture) return null
  return (
    <div className={classes.named}>
      {picture && (
        <span className={classes.icon} role="img" aria-label={picture} title={picture}>
          <IconPhoto aria-hidden="true" />
        </span>
      )}
      <div className={classes.names}>
        {title !== undefined && <div className={classes.title}>{draw([sectionOf(title)])}</div>}
        {subtitle !== undefined && <div className={classes.subtitle}>{draw([sectionOf(subtitle)])}</div>}
      </div>
    </div>
  )
}

/** A text by itself, as a block; rich text is one already. */
function sectionOf(text: unknown): Json {
  const isBlock = typeof text === 'object' && text !== null && (text as Json).type === 'rich_text'
  return isBlock ? (text as Json) : { type: 'section', text }
}
