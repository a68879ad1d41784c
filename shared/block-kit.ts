/** What a field of a block, an element or one of their parts may hold. `split`: past this, a message is split. */
export type BlockField = { needed?: true; says: string } & (
  | { kind: 'text'; types: readonly ('mrkdwn' | 'plain_text')[]; most: number; split?: true }
  | { kind: 'string'; most: number; least?: number; split?: true }
  | { kind: 'id' | 'url'; most: number }
  | { kind: 'one_of'; words: readonly string[] }
  | { kind: 'list'; of: BlockPart | 'field'; least: number; most: number; split?: true }
  | { kind: 'part'; of: BlockPart }
  | { kind: 'any' }
)
export type BlockPart = 'element' | 'action' | 'accessory' | 'option' | 'group' | 'confirm' | 'any'
export type BlockShape = { says: string; fields: Readonly<Record<string, BlockField>> }

const BOTH = ['mrkdwn', 'plain_text'] as const
const text = (most: number, says: string, types: readonly ('mrkdwn' | 'plain_text')[] = BOTH) =>
  ({ kind: 'text', most, types, says }) as const
const plain = (most: number, says: string) => text(most, says, ['plain_text'])
const string = (most: number, says: string) => ({ kind: 'string', most, says }) as const
const url = (says: string) => ({ kind: 'url', most: 3_000, says }) as const
const needed = <Field extends BlockField>(field: Field) => ({ ...field, needed: true }) as const
const split = <Field extends BlockField>(field: Field) => ({ ...field, split: true }) as const
const any = (says: string) => ({ kind: 'any', says }) as const
const list = (of: BlockPart | 'field', least: number, most: number, says: string) =>
  ({ kind: 'list', of, least, most, says }) as const

const BLOCK_ID = {
  block_id: { kind: 'id', most: 255, says: 'Its name, which no other block of the message has' },
} as const
const ACTION_ID = {
  action_id: { kind: 'id', most: 255, says: 'What a click is told apart by; no other in its block has it' },
} as const
const CONFIRM = { confirm: { kind: 'part', of: 'confirm', says: 'Asks before it is done' } } as const
const PLACEHOLDER = { placeholder: plain(150, 'Shown before anything is chosen') } as const

const IMAGE = {
  image_url: url('The address of the picture'),
  slack_file: any('A picture that is in Slack already, instead of image_url'),
  alt_text: needed(string(2_000, 'What the picture shows, for people who do not see it')),
} as const

/** Slack's blocks for messages, with their caps (slack.com, reference/block-kit/blocks). */
export const BLOCKS: Readonly<Record<string, BlockShape>> = {
  section: {
    says: 'Text, with fields beside each other or one element',
    fields: {
      text: split(text(3_000, 'What it says')),
      fields: split(list('field', 1, 10, 'Short texts in two columns, each 2,000 characters')),
      accessory: { kind: 'part', of: 'accessory', says: 'One button, picture or menu beside the text' },
      expand: any('Shows all of a long text at once'),
      ...BLOCK_ID,
    },
  },
  header: {
    says: 'A heading',
    fields: { text: split(needed(plain(150, 'Plain words'))), level: any('1 to 4'), ...BLOCK_ID },
  },
  divider: { says: 'A line', fields: BLOCK_ID },
  context: {
    says: 'Small print: texts and pictures',
    fields: { elements: split(needed(list('element', 1, 10, 'Texts and pictures'))), ...BLOCK_ID },
  },
  actions: {
    says: 'Buttons and menus',
    fields: { elements: needed(list('action', 1, 25, 'Buttons and menus')), ...BLOCK_ID },
  },
  image: {
    says: 'A picture',
    fields: { ...IMAGE, title: plain(2_000, 'Stands above it'), ...BLOCK_ID },
  },
  input: {
    says: 'Something to fill in',
    fields: {
      label: needed(plain(2_000, 'What is asked')),
      element: needed(any('What it is filled into')),
      hint: plain(2_000, 'Helps to fill it in'),
      optional: any('May be left empty'),
      dispatch_action: any('Tells at once what was filled in'),
      ...BLOCK_ID,
    },
  },
  markdown: {
    says: 'Text in Markdown',
    fields: { text: split(needed({ kind: 'string', most: 12_000, least: 1, says: 'Markdown' })), ...BLOCK_ID },
  },
  rich_text: {
    says: 'Lists, quotes and code',
    fields: { elements: needed(list('any', 0, 1_000, 'Sections, lists, quotes, code')), ...BLOCK_ID },
  },
  table: {
    says: 'A table',
    fields: {
      rows: needed(list('any', 0, 100, 'Rows of at most 20 cells')),
      column_settings: any('How columns are shown'),
      ...BLOCK_ID,
    },
  },
  video: {
    says: 'A video',
    fields: {
      title: needed(plain(199, 'Its name')),
      video_url: url('Where it plays'),
      thumbnail_url: url('A picture of it'),
      alt_text: string(2_000, 'What it shows'),
      title_url: url('Where the name leads'),
      description: plain(2_000, 'More about it'),
      author_name: string(49, 'Who made it'),
      provider_name: string(200, 'Where it is from'),
      provider_icon_url: url('A picture of where it is from'),
      ...BLOCK_ID,
    },
  },
}

const OPTIONS = { options: list('option', 1, 100, 'What can be chosen') } as const
const GROUPS = { option_groups: list('group', 1, 100, 'What can be chosen, in groups') } as const
const menu = (says: string, more: Record<string, BlockField> = {}): BlockShape => ({
  says,
  fields: { ...PLACEHOLDER, ...ACTION_ID, ...CONFIRM, focus_on_load: any('Is ready for the keyboard'), ...more },
})
const INITIAL = { initial_option: any('What is chosen at first'), initial_options: any('What is chosen at first') }
const choices = (says: string, most: number, least = 1): BlockShape =>
  menu(says, { options: needed(list('option', least, most, 'What can be chosen')), ...INITIAL })

/** What can be pressed or chosen from. */
export const ELEMENTS: Readonly<Record<string, BlockShape>> = {
  button: {
    says: 'A button, or with url a link that looks like one',
    fields: {
      text: needed(plain(75, 'What stands on it; about 30 characters are seen')),
      url: url('Opens when it is pressed'),
      value: string(2_000, 'Comes back with the click'),
      style: { kind: 'one_of', words: ['primary', 'danger'], says: 'Green or red' },
      accessibility_label: string(75, 'What a screen reader says instead'),
      ...ACTION_ID,
      ...CONFIRM,
    },
  },
  static_select: menu('A menu', { ...OPTIONS, ...GROUPS, ...INITIAL }),
  multi_static_select: menu('A menu of several', {
    ...OPTIONS,
    ...GROUPS,
    ...INITIAL,
    max_selected_items: any('At most'),
  }),
  users_select: menu('A choice of people', { initial_user: any('Who is chosen at first') }),
  conversations_select: menu('A choice of conversations', {
    filter: any('Which'),
    initial_conversation: any('At first'),
  }),
  channels_select: menu('A choice of channels', { initial_channel: any('Which is chosen at first') }),
  overflow: choices('A menu behind three dots', 5),
  checkboxes: choices('Boxes to tick', 10),
  radio_buttons: choices('One of several', 10),
  datepicker: menu('A date', { initial_date: any('YYYY-MM-DD') }),
  timepicker: menu('A time of day', { initial_time: any('HH:mm'), timezone: any('Its zone') }),
  datetimepicker: menu('A date and a time', { initial_date_time: any('Seconds since 1970') }),
}

/** Texts and pictures, as they stand in small print and beside a text. */
export const IMAGE_ELEMENT: BlockShape = { says: 'A picture', fields: IMAGE }

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
    style: { kind: 'one_of', words: ['primary', 'danger'], says: 'Green or red' },
  },
}

/** Of a whole message. */
export const MOST_BLOCKS = 50
export const MOST_FIELD_TEXT = 2_000
export const MOST_CONTEXT_TEXT = 3_000
/** Slack advises it; what is longer is split. */
export const MOST_NOTIFICATION_TEXT = 4_000
/** Of all blocks together. Slack documents no sum; refusals were seen from 12,000 on, always past 13,200. */
export const MOST_BLOCK_TEXT = 12_000
export const REFUSED_BLOCK_TEXT = 13_200
