import { DEFAULT_THEME } from '@mantine/core'
import { expect, test } from 'vitest'
import { cssVariables } from '../../client/theme.ts'

const { light, dark } = cssVariables(DEFAULT_THEME)
const schemes = { light, dark }
const GROUNDS = ['canvas', 'side', 'sunk', 'accent-soft'] as const
const INKS = ['text', 'text-2', 'text-3', 'accent-text', 'ok', 'warn', 'bad', 'info', 'simulator'] as const

const onGrounds = (['light', 'dark'] as const).flatMap((scheme) =>
  INKS.flatMap((ink) => GROUNDS.map((ground) => [scheme, ink, ground] as const)),
)

test.each(onGrounds)('%s: words in %s can be read on %s', (scheme, ink, ground) => {
  expect(contrast(scheme, ink, ground)).toBeGreaterThanOrEqual(4.5)
})

test.each(
  (['light', 'dark'] as const).flatMap((scheme) =>
    ['ok', 'warn', 'bad', 'info', 'simulator'].map((tone) => [scheme, tone] as const),
  ),
)('%s: a notice of tone %s can be read', (scheme, tone) => {
  expect(contrast(scheme, 'text', `soft-${tone}`)).toBeGreaterThanOrEqual(4.5)
  expect(contrast(scheme, tone, `soft-${tone}`)).toBeGreaterThanOrEqual(3)
})

test.each(
  (['light', 'dark'] as const).flatMap((scheme) =>
    ['rate', 'main', 'low', 'high', 'volume', 'bad', 'warn', '1', '2', '3', '4'].map((name) => [scheme, name] as const),
  ),
)('%s: the chart colour %s stands out from the page', (scheme, name) => {
  expect(contrast(scheme, `chart-${name}`, 'canvas')).toBeGreaterThanOrEqual(3)
})

test.each(['light', 'dark'] as const)('%s: controls and the focus ring stand out from the page', (scheme) => {
  expect(contrast(scheme, 'control', 'canvas')).toBeGreaterThanOrEqual(3)
  expect(contrast(scheme, 'accent-line', 'canvas')).toBeGreaterThanOrEqual(3)
})

function contrast(scheme: 'light' | 'dark', one: string, other: string): number {
  const [a, b] = [one, other].map((name) => luminance(schemes[scheme][`--${name}`] ?? '')) as [number, number]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Relative luminance as WCAG defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
