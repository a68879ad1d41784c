import {
  any,
  BLOCK_ID,
  type BlockShape,
  flag,
  IMAGE,
  list,
  needed,
  part,
  plain,
  split,
  string,
  text,
  url,
} from './shapes.ts'

const MOST_ROWS = 100
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
