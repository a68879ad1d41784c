import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, mergeThemeOverrides } from '@mantine/core'
import { cssVariables, theme } from '../theme.ts'

const VIOLET: MantineColorsTuple = [
  '#F2ECFB',
  '#E4D9F7',
  '#CDB9EF',
  '#B79BF5',
  '#9A78DC',
  '#8259CB',
  '#6E45B8',
  '#5C389E',
  '#4B2D82',
  '#3C2468',
]

/** The console's theme with violet in place of indigo: whoever sees violet is not in the real thing. */
export const simulatorTheme = mergeThemeOverrides(
  theme,
  createTheme({ primaryColor: 'violet', colors: { violet: VIOLET } }),
)

const LIGHT = { line: '#6E45B8', text: '#5C389E', soft: '#F2ECFB' }
const DARK = { line: '#B79BF5', text: '#C5AFF8', soft: '#221A36' }

export const simulatorVariables: CSSVariablesResolver = (resolved) => {
  const console = cssVariables(resolved)
  return {
    ...console,
    light: { ...console.light, ...accent(LIGHT) },
    dark: { ...console.dark, ...accent(DARK) },
  }
}

function accent({ line, text, soft }: typeof LIGHT): Record<`--${string}`, string> {
  return {
    '--accent-fill': '#6E45B8',
    '--accent-fill-hover': '#5C389E',
    '--accent-line': line,
    '--accent-text': text,
    '--accent-soft': soft,
    '--mantine-color-anchor': text,
    '--mantine-color-violet-light': soft,
    '--mantine-color-violet-light-color': text,
    '--mantine-color-violet-text': text,
  }
}
