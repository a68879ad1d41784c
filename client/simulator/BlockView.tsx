import { useComputedColorScheme } from '@mantine/core'
import { type Block, Message as SlackMessage } from 'slack-blocks-to-jsx'
import 'slack-blocks-to-jsx/dist/style.css'
import { forShowing, isSafeUrl } from './safe-blocks.ts'

type Props = {
  blocks: Record<string, unknown>[]
  people: { id: string; name: string }[]
  channels: { id: string; name: string }[]
}

/** Blocks as Slack draws them. Nothing in here can be clicked but links. */
export default function BlockView({ blocks, people, channels }: Props) {
  const scheme = useComputedColorScheme('light')
  return (
    <SlackMessage
      withoutWrapper
      theme={scheme}
      logo=""
      name=""
      blocks={asBlocks(forShowing(blocks))}
      data={{ users: people, channels }}
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
  )
}

/** The simulator has checked every block by Slack's own rules; the renderer leaves out types that it does not know. */
function asBlocks(blocks: Record<string, unknown>[]): Block[] {
  return blocks as unknown as Block[]
}
