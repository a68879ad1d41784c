/** A word of the language of templates: what the editor offers, and what the engine knows. */
export type TemplateWord = { name: string; example: string; says: string }

const word = (name: string, example: string, says: string): TemplateWord => ({ name, example, says })

/** The filters there are; there is none that lets text through without being made safe. */
export const TEMPLATE_FILTERS: readonly TemplateWord[] = [
  word('link', '{{ title | link: url }}', 'A link. Only http, https and mailto; else the words alone'),
  word('mention', '{{ mentions | mention }}', 'Calls people and groups that were found in the workspace'),
  word(
    'slack_date',
    '{{ at | slack_date: "{date_short_pretty} {time}" }}',
    'A time that each reader sees in their zone',
  ),
  word(
    'date',
    '{{ at | date: "%d %b %H:%M", "Europe/Berlin" }}',
    'A time written out in one zone; UTC when none is named',
  ),
  word('truncate', '{{ title | truncate: 150 }}', 'At most so many characters, as Slack counts them'),
  word('mrkdwn', '{{ text | mrkdwn }}', 'Slack markup of the event as it is; it can call nobody'),
  word('json', '"value": {{ data | json }}', 'A value of JSON, without quotes around it'),
  word('default', '{{ title | default: type.name }}', 'Something else when there is nothing'),
  word('append', '{{ title | append: "!" }}', 'Text after it'),
  word('prepend', '{{ title | prepend: "Re: " }}', 'Text before it'),
  word('upcase', '{{ severity | upcase }}', 'In capital letters'),
  word('downcase', '{{ severity | downcase }}', 'In small letters'),
  word('capitalize', '{{ severity | capitalize }}', 'The first letter a capital, the others small'),
  word('strip', '{{ text | strip }}', 'Without white space around it'),
  word('replace', '{{ title | replace: "_", " " }}', 'One text for another, everywhere'),
  word('remove', '{{ title | remove: "[x]" }}', 'Without a text'),
  word('slice', '{{ data.id | slice: 0, 8 }}', 'A part of a text or list'),
  word('split', '{{ data.tags | split: "," }}', 'A text as a list'),
  word('url_encode', 'https://a.example/{{ data.id | url_encode }}', 'Fit to stand in an address'),
  word('size', '{{ data.items | size }}', 'How many, or how long'),
  word('first', '{{ data.items | first }}', 'The first of a list'),
  word('last', '{{ data.items | last }}', 'The last of a list'),
  word('join', '{{ data.names | join: ", " }}', 'A list as one text'),
  word('map', '{{ data.people | map: "name" }}', 'One field of each in a list'),
  word('where', '{{ data.items | where: "open" }}', 'Those of a list that have a field, or this value of it'),
  word('sort', '{{ data.items | sort: "due" }}', 'A list in order'),
  word('reverse', '{{ data.items | reverse }}', 'A list the other way round'),
  word('uniq', '{{ data.names | uniq }}', 'Each of a list once'),
  word('compact', '{{ data.names | compact }}', 'A list without what is empty'),
  word('concat', '{{ data.a | concat: data.b }}', 'Two lists as one'),
  word('sum', '{{ data.items | sum: "count" }}', 'All of a list added up'),
  word('plus', '{{ data.count | plus: 1 }}', 'Added'),
  word('minus', '{{ data.items.size | minus: 10 }}', 'Taken away'),
  word('times', '{{ data.share | times: 100 }}', 'Multiplied'),
  word('divided_by', '{{ data.seconds | divided_by: 60 }}', 'Divided'),
  word('modulo', '{{ data.count | modulo: 2 }}', 'What is left after dividing'),
  word('round', '{{ data.share | round: 1 }}', 'Rounded'),
  word('floor', '{{ data.share | floor }}', 'Rounded down'),
  word('ceil', '{{ data.share | ceil }}', 'Rounded up'),
  word('abs', '{{ data.change | abs }}', 'Without its sign'),
  word('at_least', '{{ data.count | at_least: 0 }}', 'No less than'),
  word('at_most', '{{ data.count | at_most: 99 }}', 'No more than'),
]

/** The tags there are. */
export const TEMPLATE_TAGS: readonly TemplateWord[] = [
  word('if', "{% if severity == 'critical' %}…{% else %}…{% endif %}", 'Only when something holds'),
  word('unless', '{% unless url %}…{% endunless %}', 'Only when something does not hold'),
  word('case', "{% case severity %}{% when 'critical' %}…{% endcase %}", 'One of several'),
  word('for', '{% for item in data.items limit: 10 %}…{% endfor %}', 'Once for each of a list'),
  word('break', '{% break %}', 'Ends a loop'),
  word('continue', '{% continue %}', 'Goes on with the next of a loop'),
  word('assign', '{% assign name = data.owner.name %}', 'Gives a value a name'),
  word('capture', '{% capture line %}…{% endcapture %}', 'Gives a piece of text a name'),
  word('comment', '{% comment %}…{% endcomment %}', 'Is left out'),
  word('raw', '{% raw %}…{% endraw %}', 'Text with braces that mean nothing'),
]

/** What a template can show. What an event does not have is empty. */
export const TEMPLATE_VARIABLES: readonly TemplateWord[] = [
  word('title', '{{ title }}', 'Of the event'),
  word('text', '{{ text | mrkdwn }}', 'Of the event, in Slack markup'),
  word('url', '{{ url }}', 'Of the event'),
  word('category', '{{ category }}', 'Of the event'),
  word('severity', '{{ severity }}', 'Of the event'),
  word('recipient', '{{ recipient }}', 'Of the event: whom it is about'),
  word('priority', '{{ priority }}', 'Of the event: urgent, normal or low'),
  word('occurredAt', '{{ occurredAt }}', 'Of the event: when it happened, if the platform said'),
  word('at', '{{ at | slack_date }}', 'When it happened, or was accepted'),
  word('now', '{{ now | slack_date }}', 'When the message is made'),
  word('data', '{{ data.issue_id }}', "The event's own data, by its names"),
  word('type.name', '{{ type.name }}', 'The type of the event'),
  word('type.emoji', '{{ type.emoji }}', 'The emoji of the type'),
  word('mentions', '{{ mentions }}', 'Whom the type and its rules call'),
  word('publicUrl', '{{ publicUrl }}', 'Where this console stands'),
]
