import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Every colour of the console by name, light then dark; `cssVariables` turns each into `--name`. */
const TOKENS = {
  canvas: ['#FFFFFF', '#111216'],
  side: ['#F8F8FA', '#0C0D10'],
  sunk: ['#F5F5F8', '#18191F'],
  line: ['#E5E6EB', '#25272E'],
  'line-strong': ['#D3D5DC', '#363942'],
  control: ['#8A8F9B', '#717682'],
  text: ['#17181D', '#ECEDF0'],
  'text-2': ['#4A4E59', '#B2B6C0'],
  'text-3': ['#646975', '#8F94A0'],
  'accent-fill': ['#4F5AD3', '#4F5AD3'],
  'accent-fill-hover': ['#434CB6', '#434CB6'],
  'accent-line': ['#4F5AD3', '#8089EA'],
  'accent-text': ['#434CB6', '#A2A9F2'],
  'accent-soft': ['#EFF0FE', '#1E2140'],
  ok: ['#187A48', '#56C28D'],
  warn: ['#8F5600', '#E0A547'],
  bad: ['#BF2F2A', '#F07F79'],
  info: ['#1D62B8', '#74AEF2'],
  simulator: ['#6E45B8', '#B79BF5'],
  'soft-ok': ['#E8F5EE', '#12261C'],
  'soft-warn': ['#FCF3E0', '#2A2010'],
  'soft-bad': ['#FCEDEC', '#301617'],
  'soft-info': ['#E9F1FB', '#14233A'],
  'soft-simulator': ['#F2ECFB', '#221A36'],
  'chart-rate': ['#4F5AD3', '#8089EA'],
  'chart-main': ['#434CB6', '#A2A9F2'],
  'chart-low': ['#8089EA', '#6570E0'],
  'chart-high': ['#8A8F9B', '#717682'],
  'chart-volume': ['#8F94A0', '#5D6270'],
  'chart-bad': ['#D9453F', '#E2554F'],
  'chart-warn': ['#C27D0E', '#D08A18'],
  'chart-1': ['#2E3477', '#A2A9F2'],
  'chart-2': ['#4F5AD3', '#7680E4'],
  'chart-3': ['#8089EA', '#555FC6'],
  'chart-4': ['#8A8F9B', '#5D6270'],
  'chart-band': ['#EDEEF2', '#1E2026'],
  live: ['#2C9A61', '#3FA872'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

const INDIGO: MantineColorsTuple = [
  '#EFF0FE',
  '#DFE1FC',
  '#C2C6F8',
  '#A2A9F2',
  '#8089EA',
  '#6570E0',
  '#4F5AD3',
  '#434CB6',
  '#383F95',
  '#2E3477',
]

// The library's own styles name shades of gray (light) and dark (dark); each shade is set to the token it stands for.
const GRAY: MantineColorsTuple = [
  '#F5F5F8',
  '#F5F5F8',
  '#E5E6EB',
  '#E5E6EB',
  '#D3D5DC',
  '#8A8F9B',
  '#646975',
  '#4A4E59',
  '#2F323A',
  '#17181D',
]
const DARK: MantineColorsTuple = [
  '#ECEDF0',
  '#B2B6C0',
  '#8F94A0',
  '#717682',
  '#363942',
  '#25272E',
  '#18191F',
  '#111216',
  '#0C0D10',
  '#0C0D10',
]

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Inter, Arial, sans-serif'
const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace'

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 6,
  autoContrast: true,
  white: TOKENS.canvas[0],
  black: TOKENS.text[0],
  colors: { indigo: INDIGO, gray: GRAY, dark: DARK },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  headings: { fontFamily: SANS, fontWeight: '600' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  breakpoints: { xs: '30em', sm: '43.75em', md: '62em', lg: '75em', xl: '88em' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Tooltip: { defaultProps: { openDelay: 300, withinPortal: true, multiline: true, maw: 320 } },
    Menu: { defaultProps: { position: 'bottom-end', offset: 4 } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
})

/** The tokens, and the library's own variables set to them, once for each colour scheme. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: scheme(0), dark: scheme(1) })

function scheme(which: 0 | 1): Record<`--${string}`, string> {
  const own = Object.entries(TOKENS).map(([name, shades]) => [`--${name}`, shades[which]] as const)
  return {
    ...Object.fromEntries(own),
    '--mantine-color-body': 'var(--canvas)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-success': 'var(--ok)',
    '--mantine-color-default': 'var(--canvas)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-disabled': 'var(--sunk)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-color-indigo-light': 'var(--accent-soft)',
    '--mantine-color-indigo-light-color': 'var(--accent-text)',
    '--mantine-color-indigo-text': 'var(--accent-text)',
    '--mantine-color-gray-text': 'var(--text-2)',
    '--mantine-color-gray-light-color': 'var(--text-2)',
    '--mantine-color-gray-light-hover': 'var(--sunk)',
    // A menu's item in a colour is written in its sixth shade.
    '--mantine-color-red-6': 'var(--bad)',
    '--mantine-color-red-filled': '#BF2F2A',
    '--mantine-color-red-filled-hover': '#A32622',
    '--mantine-color-red-light': 'var(--soft-bad)',
    '--mantine-color-red-light-color': 'var(--bad)',
    '--mantine-color-red-text': 'var(--bad)',
  }
}
