import { type Block, Message as SlackMessage } from 'slack-blocks-to-jsx'
import { forShowing, isSafeUrl } from '../../shared/slack-blocks.ts'
import 'slack-blocks-to-jsx/dist/style.css'
import classes from './blocks.module.css'

type Named = { id: string; name: string }
type Props = {
  blocks: Record<string, unknown>[]
  scheme: 'light' | 'dark'
  /** Whom and what mentions speak of; without a name the id is shown. */
  people?: Named[]
  groups?: Named[]
  channels?: Named[]
}

/** Blocks as Slack draws them. Nothing in here can be clicked but links. Heavy: load it when it is needed. */
export default function BlockView({ blocks, scheme, people = [], groups = [], channels = [] }: Props) {
  return (
    <div className={classes.blocks}>
      <SlackMessage
        // It reads names once only, when it is first drawn.
        key={[...people, ...groups, ...channels].map(({ id, name }) => `${id} ${name}`).join('\n')}
        withoutWrapper
        theme={scheme}
        logo=""
        name=""
        blocks={asBlocks(forShowing(blocks))}
        data={{ users: people, user_groups: groups, channels }}
        hooks={{
          link: ({ href, children, className }) =>
            isSafeUrl(href) ? (
              <a className={className} href={href} target="_blank" rel="noreferrer noopener">
                {children}
              </a>
            ) : (
              <span>{children}</span>
            ),
        }}
      />
    </div>
  )
}

/** Slack's own rules hold for every block, checked where it was accepted; the renderer leaves out types unknown to it. */
function asBlocks(blocks: Record<string, unknown>[]): Block[] {
  return blocks as unknown as Block[]
}
