import { BLOCKS } from './blocks.ts'
import { CELLS, CONTEXT_ACTIONS, ELEMENTS, IMAGE_ELEMENT, INPUTS, RICH_TEXT_INPUT, STYLE } from './elements.ts'
import { type BlockShape, list, needed, plain, string, type TypedPart, text, url } from './shapes.ts'

const only = (shapes: Readonly<Record<string, BlockShape>>, ...names: string[]) =>
  Object.fromEntries(Object.entries(shapes).filter(([name]) => names.includes(name)))
const CHOICES = Object.fromEntries(Object.entries(ELEMENTS).filter(([name]) => !/button$|overflow/.test(name)))

/** What each part may be, of those that say so by their type. */
export const TYPED_PARTS: Readonly<Record<TypedPart, { noun: string; shapes: Readonly<Record<string, BlockShape>> }>> =
  {
    action: { noun: 'element', shapes: { ...ELEMENTS, rich_text_input: RICH_TEXT_INPUT } },
    accessory: { noun: 'element', shapes: { ...ELEMENTS, image: IMAGE_ELEMENT } },
    input: { noun: 'input', shapes: { ...INPUTS, ...CHOICES, rich_text_input: RICH_TEXT_INPUT } },
    context_action: { noun: 'small button', shapes: CONTEXT_ACTIONS },
    picture: { noun: 'picture', shapes: { image: IMAGE_ELEMENT } },
    button: { noun: 'button', shapes: only(ELEMENTS, 'button') },
    card: { noun: 'card', shapes: only(BLOCKS, 'card') },
    child: {
      noun: 'block in a container',
      shapes: only(
        BLOCKS,
        ...[
          'section',
          'header',
          'divider',
          'context',
          'actions',
          'image',
          'input',
          'rich_text',
          'table',
          'video',
          'file',
        ],
      ),
    },
    rich_text: { noun: 'rich text', shapes: only(BLOCKS, 'rich_text') },
    cell: { noun: 'cell', shapes: { ...CELLS, ...only(BLOCKS, 'rich_text') } },
  }

export const OPTION: BlockShape = {
  says: 'A choice',
  fields: {
    text: needed(text(75, 'What it is called')),
    value: string(150, 'Comes back when it is chosen'),
    description: plain(75, 'More about it'),
    url: url('Opens when it is chosen'),
  },
}

export const OPTION_GROUP: BlockShape = {
  says: 'Choices under a label',
  fields: { label: needed(plain(75, 'The label')), options: needed(list('option', 1, 100, 'What can be chosen')) },
}

export const CONFIRM_DIALOG: BlockShape = {
  says: 'Asks before something is done',
  fields: {
    title: needed(plain(100, 'The question')),
    text: needed(text(300, 'What will happen')),
    confirm: needed(plain(30, 'Does it')),
    deny: needed(plain(30, 'Does not')),
    ...STYLE,
  },
}
