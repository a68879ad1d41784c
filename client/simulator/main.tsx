import './without-eval.ts'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { SimulatorPage } from './SimulatorPage.tsx'
import { simulatorTheme, simulatorVariables } from './theme.ts'
import '../styles.css'

const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: 1 } } })
const colorScheme = localStorageColorSchemeManager({ key: 'switchboard-colour-scheme' })
const root = document.getElementById('root')
if (!root) throw new Error('The page has no element with the id root.')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={simulatorTheme}
        cssVariablesResolver={simulatorVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <SimulatorPage />
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
)
