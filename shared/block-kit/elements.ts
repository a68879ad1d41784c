import {
  ACTION_ID,
  any,
  type BlockField,
  type BlockShape,
  CONFIRM,
  count,
  IMAGE,
  list,
  needed,
  PLACEHOLDER,
  part,
  plain,
  string,
  url,
} from './shapes.ts'

const OPTIONS = { options: list('option', 1, 100, 'What can be chosen') } as const
const GROUPS = { option_groups: list('group', 1, 100, 'What can be chosen, in groups') } as const
const menu = (says: string, more: Record<string, BlockField> = {}): BlockShape => ({
  says,
  fields: { ...PLACEHOLDER, ...ACTION_ID, ...CONFIRM, focus_on_load: any('Is ready for the keyboard'), ...more },
})
const INITIAL = { initial_option: any('What is chosen at first'), initial_options: any('What is chosen at first') }
const choices = (says: string, most: number, least = 1): BlockShape =>
  menu(says, { options: needed(list('option', least, most, 'What can be chosen')), ...INITIAL })

export const STYLE = { style: { kind: 'one_of', words: ['primary', 'danger'], says: 'Green or red' } } as const
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

export const RICH_TEXT_INPUT = menu('Text with emphasis to fill in', {
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
    min_length: count(0, 3_000, 'At least so many characters'),
    max_length: count(1, 3_000, 'At most so many characters'),
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

const MOST_CELL_TEXT = 12_000

/** What stands in the rows of a table. */
export const CELLS: Readonly<Record<string, BlockShape>> = {
  raw_text: { says: 'Words in a cell', fields: { text: needed(string(MOST_CELL_TEXT, 'What it says')) } },
  raw_number: {
    says: 'A number in a cell',
    fields: { value: needed(any('The number')), text: needed(string(MOST_CELL_TEXT, 'How it is written')) },
  },
}
