import { Button, NativeSelect } from '@mantine/core'
import { isSafeUrl, wordsOf } from '../../shared/slack-blocks.ts'
import classes from './message.module.css'

type Props = {
  element: Record<string, unknown>
  disabled: boolean
  onAct: (actionId: string, value?: string) => void
}

/** A button or a menu on a message. Using it sends the app a signed click. */
export function ActionElement({ element, disabled, onAct }: Props) {
  const actionId = String(element.action_id ?? '')
  if (element.type === 'button' || element.type === 'icon_button') {
    const label = String(element.accessibility_label ?? '') || wordsOf(element.text) || 'Button'
    const onClick = () => {
      if (isSafeUrl(element.url)) window.open(element.url, '_blank', 'noopener,noreferrer')
      onAct(actionId)
    }
    return (
      <Button
        className={classes.button ?? ''}
        data-look={element.style ?? 'default'}
        variant="default"
        size="xs"
        disabled={disabled}
        aria-label={label}
        onClick={onClick}
      >
        {wordsOf(element.text) || label}
      </Button>
    )
  }
  const options = optionsOf(element)
  if (options.length === 0) return <span className={classes.unknown}>{String(element.type)}</span>
  const placeholder = wordsOf(element.placeholder) || 'Choose'
  return (
    <NativeSelect
      size="xs"
      aria-label={placeholder}
      disabled={disabled}
      value=""
      data={[{ value: '', label: placeholder, disabled: true }, ...options]}
      onChange={(event) => onAct(actionId, event.currentTarget.value)}
    />
  )
}

function optionsOf({ options }: Record<string, unknown>): { value: string; label: string }[] {
  const list: unknown[] = Array.isArray(options) ? options : []
  return list.flatMap((option) => {
    if (typeof option !== 'object' || option === null || !('value' in option) || !('text' in option)) return []
    return [{ value: String(option.value), label: wordsOf(option.text) }]
  })
}
