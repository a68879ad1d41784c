/** What a field of a block, an element or one of their parts may hold. `split`: past this, a message is split. */
export type BlockField = { needed?: true; says: string } & (
  | { kind: 'text'; types: readonly ('mrkdwn' | 'plain_text')[]; most: number; split?: true }
  | { kind: 'string'; most: number; least?: number; split?: true }
  | { kind: 'id' | 'url'; most: number }
  | { kind: 'one_of'; words: readonly string[] }
  | { kind: 'list'; of: BlockPart | 'field'; least: number; most: number; split?: true }
  | { kind: 'part'; of: BlockPart }
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
const text = (most: number, says: string, types: readonly ('mrkdwn' | 'plain_text')[] = BOTH) =>
  ({ kind: 'text', most, types, says }) as const
const plain = (most: number, says: string) => text(most, says, ['plain_text'])
const string = (most: number, says: string) => ({ kind: 'string', most, says }) as const
const url = (says: string) => ({ kind: 'url', most: 3_000, says }) as const
const needed = <Field extends BlockField>(field: Field) => ({ ...field, needed: true }) as const
const split = <Field extends BlockField>(field: Field) => ({ ...field, split: true }) as const
const any = (says: string) => ({ kind: 'any', says }) as const
const flag = (says: string) => ({ kind: 'flag', says }) as const
const part = (of: BlockPart, says: string) => ({ kind: 'part', of, says }) as const
const list = (of: BlockPart | 'field', least: number, most: number, says: string) =>
  ({ kind: 'list', of, least, most, says }) as const

const BLOCK_ID = {
  block_id: { kind: 'id', most: 255, says: 'Its name, which no other block of the message has' },
} as const
const ACTION_ID = {
  action_id: { kind: 'id', most: 255, says: 'What a click is told apart by; no other in its block has it' },
} as const
const CONFIRM = { confirm: part('confirm', 'Asks before it is done') } as const
const PLACEHOLDER = { placeholder: plain(150, 'Shown before anything is chosen') } as const

const IMAGE = {
  image_url: url('The address of the picture'),
  slack_file: any('A picture that is in Slack already, instead of image_url'),
  alt_text: needed(string(2_000, 'What the picture shows, for people who do not see it')),
} as const

const MOST_ROWS = 100
const MOST_CELL_TEXT = 12_000
export const MOST_CELLS = 20

/** Slack's blocks for messages, with their caps (slack.com, reference/block-kit/blocks). */
export const BLOCKS: Readonly<Record<string, BlockShape>> = {
  section: {
    says: 'Text, with fields beside each other or one element',
    oneOf: ['text', 'fields'],
    fields: {
      text: split(text(3_000, 'What it says')),
      fields: split(list('field', 1, 10, 'Short texts in two columns, each 2,000 characters')),
      accessory: part('accessory', 'One button, picture or menu beside the text'),
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
  context_actions: {
    says: 'Small buttons: thumbs up and down, icons',
    fields: { elements: needed(list('context_action', 1, 5, 'Feedback and icon buttons')), ...BLOCK_ID },
  },
  card: {
    says: 'A name, a few words, a picture and buttons',
    oneOf: ['title', 'body', 'hero_image', 'actions'],
    fields: {
      title: text(150, 'Its name'),
      subtitle: text(150, 'Small, below the name'),
      body: text(200, 'What it says'),
      hero_image: part('picture', 'A wide picture at the top'),
      icon: part('picture', 'A small picture beside the name'),
      // Slack tells no number; none that others found out is below this one.
      actions: list('button', 1, 3, 'Buttons below it'),
      ...BLOCK_ID,
    },
  },
  carousel: {
    says: 'Cards beside each other, to scroll through',
    fields: { elements: needed(list('card', 1, 10, 'Cards')), ...BLOCK_ID },
  },
  container: {
    says: 'A frame with a name around other blocks',
    oneOf: ['title', 'rich_text_title'],
    fields: {
      title: plain(150, 'Its name'),
      rich_text_title: part('rich_text', 'Its name as rich text, instead of title'),
      subtitle: text(150, 'Small, below the name'),
      child_blocks: needed(list('child', 1, 10, 'The blocks in it')),
      width: { kind: 'one_of', words: ['narrow', 'standard', 'wide', 'full'], says: 'How wide it is' },
      icon: part('picture', 'A small picture beside the name'),
      is_collapsible: flag('Whether it can be folded up'),
      default_collapsed: flag('Whether it is folded up at first; needs is_collapsible'),
      has_header_divider: flag('A line below the name, when it can not be folded up'),
      ...BLOCK_ID,
    },
  },
  image: {
    says: 'A picture',
    oneOf: ['image_url', 'slack_file'],
    fields: { ...IMAGE, title: plain(2_000, 'Stands above it'), ...BLOCK_ID },
  },
  input: {
    says: 'Something to fill in',
    fields: {
      label: needed(plain(2_000, 'What is asked')),
      element: needed(part('input', 'What it is filled into')),
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
      rows: needed(list('row', 0, MOST_ROWS, `Rows of at most ${MOST_CELLS} cells`)),
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
  file: {
    says: 'A file that stands elsewhere and was made known to Slack before',
    fields: {
      external_id: needed(string(255, 'What it was made known by')),
      source: needed({ kind: 'one_of', words: ['remote'], says: 'Always remote' }),
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

const STYLE = { style: { kind: 'one_of', words: ['primary', 'danger'], says: 'Green or red' } } as const
const LABEL = { accessibility_label: string(75, 'What a screen reader says instead') } as const
const BUTTON: BlockShape = {
  says: 'A button, or with url a link that looks like one',
  fields: {
    text: needed(plain(75, 'What stands on it; about 30 characters are seen')),
    url: url('Opens when it is pressed'),
    value: string(2_000, 'Comes back with the click'),
    ...STYLE,
    ...LABEL,
    ...ACTION_ID,
    ...CONFIRM,
  },
}
const CONVERSATIONS = {
  filter: any('Which'),
  default_to_current_conversation: any('The one it stands in, at first'),
  response_url_enabled: any('In a dialog only'),
} as const
const SEVERAL = { max_selected_items: any('At most') } as const

/** What can be pressed or chosen from. */
export const ELEMENTS: Readonly<Record<string, BlockShape>> = {
  button: BUTTON,
  workflow_button: {
    says: 'A button that begins a workflow',
    fields: {
      text: needed(plain(75, 'What stands on it; about 30 characters are seen')),
      workflow: needed(any('What begins')),
      ...STYLE,
      ...LABEL,
      ...ACTION_ID,
      ...CONFIRM,
    },
  },
  static_select: menu('A menu', { ...OPTIONS, ...GROUPS, ...INITIAL }),
  multi_static_select: menu('A menu of several', {
    ...OPTIONS,
    ...GROUPS,
    ...INITIAL,
    ...SEVERAL,
  }),
  external_select: menu('A menu that the app fills', {
    ...INITIAL,
    min_query_length: any('Asks the app from then on'),
  }),
  multi_external_select: menu('A menu of several that the app fills', {
    ...INITIAL,
    ...SEVERAL,
    min_query_length: any('Asks the app from then on'),
  }),
  users_select: menu('A choice of people', { initial_user: any('Who is chosen at first') }),
  multi_users_select: menu('A choice of several people', { initial_users: any('Who is chosen at first'), ...SEVERAL }),
  conversations_select: menu('A choice of conversations', {
    ...CONVERSATIONS,
    initial_conversation: any('At first'),
  }),
  multi_conversations_select: menu('A choice of several conversations', {
    ...CONVERSATIONS,
    initial_conversations: any('At first'),
    ...SEVERAL,
  }),
  channels_select: menu('A choice of channels', {
    initial_channel: any('Which is chosen at first'),
    response_url_enabled: any('In a dialog only'),
  }),
  multi_channels_select: menu('A choice of several channels', {
    initial_channels: any('Which are chosen at first'),
    ...SEVERAL,
  }),
  overflow: choices('A menu behind three dots', 5),
  checkboxes: choices('Boxes to tick', 10),
  radio_buttons: choices('One of several', 10),
  datepicker: menu('A date', { initial_date: any('YYYY-MM-DD') }),
  timepicker: menu('A time of day', { initial_time: any('HH:mm'), timezone: any('Its zone') }),
  datetimepicker: menu('A date and a time', { initial_date_time: any('Seconds since 1970') }),
}

/** Texts and pictures, as they stand in small print and beside a text. */
export const IMAGE_ELEMENT: BlockShape = { says: 'A picture', oneOf: ['image_url', 'slack_file'], fields: IMAGE }

const RICH_TEXT_INPUT = menu('Text with emphasis to fill in', {
  initial_value: any('What stands in it at first'),
  dispatch_action_config: any('When it tells what is typed'),
  min_lines: any('How high it is at least'),
  max_lines: any('How high it is at most'),
})
const typed = (says: string, more: Record<string, BlockField> = {}): BlockShape =>
  menu(says, {
    initial_value: any('What stands in it at first'),
    dispatch_action_config: any('When it tells what is typed'),
    ...more,
  })

/** What is filled in, beside what can be chosen from. */
export const INPUTS: Readonly<Record<string, BlockShape>> = {
  plain_text_input: typed('Text to fill in', {
    multiline: any('Of several lines'),
    min_length: any('At least so many characters'),
    max_length: any('At most so many characters, up to 3,000'),
  }),
  email_text_input: typed('An e-mail address to fill in'),
  url_text_input: typed('A link to fill in'),
  number_input: typed('A number to fill in', {
    is_decimal_allowed: any('Whether it may have a fraction'),
    min_value: any('The least'),
    max_value: any('The most'),
  }),
  file_input: {
    says: 'A file to add',
    fields: { filetypes: any('Of which kinds'), max_files: any('At most so many'), ...ACTION_ID },
  },
}

const FEEDBACK: Readonly<Record<string, BlockField>> = {
  text: needed(plain(75, 'What stands on it')),
  value: needed(string(2_000, 'Comes back with the click')),
  ...LABEL,
}
/** One of the two buttons of a feedback. */
export const FEEDBACK_BUTTON: BlockShape = { says: 'A thumb', fields: FEEDBACK }

/** The small buttons below a message. */
export const CONTEXT_ACTIONS: Readonly<Record<string, BlockShape>> = {
  feedback_buttons: {
    says: 'Thumbs up and down',
    fields: {
      positive_button: needed(part('feedback', 'Thumbs up')),
      negative_button: needed(part('feedback', 'Thumbs down')),
      ...ACTION_ID,
    },
  },
  icon_button: {
    says: 'An icon that can be pressed',
    fields: {
      icon: needed(string(255, 'Its picture, for example trash')),
      text: needed(plain(75, 'What it does')),
      value: string(2_000, 'Comes back with the click'),
      visible_to_user_ids: any('Who sees it'),
      ...LABEL,
      ...ACTION_ID,
      ...CONFIRM,
    },
  },
}

/** What stands in the rows of a table. */
export const CELLS: Readonly<Record<string, BlockShape>> = {
  raw_text: { says: 'Words in a cell', fields: { text: needed(string(MOST_CELL_TEXT, 'What it says')) } },
  raw_number: {
    says: 'A number in a cell',
    fields: { value: needed(any('The number')), text: needed(string(MOST_CELL_TEXT, 'How it is written')) },
  },
}

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

/** Of a whole message. */
export const MOST_BLOCKS = 50
export const MOST_FIELD_TEXT = 2_000
export const MOST_CONTEXT_TEXT = 3_000
/** Slack advises it; what is longer is split. */
export const MOST_NOTIFICATION_TEXT = 4_000
/** Of all blocks together. Slack documents no sum; refusals were seen from 12,000 on, always past 13,200. */
export const MOST_BLOCK_TEXT = 12_000
export const REFUSED_BLOCK_TEXT = 13_200
