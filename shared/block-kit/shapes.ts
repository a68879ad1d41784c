/** What a field of a block, an element or one of their parts may hold. `split`: past this, a message is split. */
export type BlockField = { needed?: true; says: string } & (
  | { kind: 'text'; types: readonly ('mrkdwn' | 'plain_text')[]; most: number; split?: true }
  | { kind: 'string'; most: number; least?: number; split?: true }
  | { kind: 'id' | 'url'; most: number }
  | { kind: 'one_of'; words: readonly string[] }
  | { kind: 'list'; of: BlockPart | 'field'; least: number; most: number; split?: true }
  | { kind: 'part'; of: BlockPart }
  | { kind: 'count'; least: number; most: number }
  | { kind: 'flag' }
  | { kind: 'any' }
)
/** What stands in a field that is an object or a list of them; `TYPED_PARTS` says which types that may be. */
export type BlockPart = TypedPart | 'element' | 'option' | 'group' | 'confirm' | 'feedback' | 'row' | 'any'
export type TypedPart =
  | 'action'
  | 'accessory'
  | 'input'
  | 'context_action'
  | 'picture'
  | 'button'
  | 'card'
  | 'child'
  | 'rich_text'
  | 'cell'
/** `oneOf`: fields of which at least one must be there. */
export type BlockShape = { says: string; fields: Readonly<Record<string, BlockField>>; oneOf?: readonly string[] }

const BOTH = ['mrkdwn', 'plain_text'] as const
export const text = (most: number, says: string, types: readonly ('mrkdwn' | 'plain_text')[] = BOTH) =>
  ({ kind: 'text', most, types, says }) as const
export const plain = (most: number, says: string) => text(most, says, ['plain_text'])
export const string = (most: number, says: string) => ({ kind: 'string', most, says }) as const
export const url = (says: string) => ({ kind: 'url', most: 3_000, says }) as const
export const needed = <Field extends BlockField>(field: Field) => ({ ...field, needed: true }) as const
export const split = <Field extends BlockField>(field: Field) => ({ ...field, split: true }) as const
export const any = (says: string) => ({ kind: 'any', says }) as const
export const count = (least: number, most: number, says: string) => ({ kind: 'count', least, most, says }) as const
export const flag = (says: string) => ({ kind: 'flag', says }) as const
export const part = (of: BlockPart, says: string) => ({ kind: 'part', of, says }) as const
export const list = (of: BlockPart | 'field', least: number, most: number, says: string) =>
  ({ kind: 'list', of, least, most, says }) as const

export const BLOCK_ID = {
  block_id: { kind: 'id', most: 255, says: 'Its name, which no other block of the message has' },
} as const
export const ACTION_ID = {
  action_id: { kind: 'id', most: 255, says: 'What a click is told apart by; no other in its block has it' },
} as const
export const CONFIRM = { confirm: part('confirm', 'Asks before it is done') } as const
export const PLACEHOLDER = { placeholder: plain(150, 'Shown before anything is chosen') } as const

export const IMAGE = {
  image_url: url('The address of the picture'),
  slack_file: any('A picture that is in Slack already, instead of image_url'),
  alt_text: needed(string(2_000, 'What the picture shows, for people who do not see it')),
} as const
