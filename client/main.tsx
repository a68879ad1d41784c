import './lib/without-eval.ts'

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { ApiError, onSignedOut } from './lib/api.ts'
import { router } from './router.tsx'
import { cssVariables, theme } from './theme.ts'
import { FrameContext } from './ui/PageFrame.tsx'
import { sessionQuery } from './users/queries.ts'
import './styles.css'

const queryClient = new QueryClient({
  defaultOptions: {
    // A browser that thinks itself offline may well reach this server, and else must be told that it does not: held back
    // until it is online, a save would only turn.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 5_000,
      // A refusal stays one however often it is asked; only what the network or a restart spoiled is asked again.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
})
onSignedOut(() => queryClient.invalidateQueries(sessionQuery))

const colorScheme = localStorageColorSchemeManager({ key: 'switchboard-colour-scheme' })
const frame = { product: 'Switchboard' }
/** Style elements are taken only with the nonce that the server put into this page. */
const styleNonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? ''
// The scroll lock behind dialogs asks for it under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })
const root = document.getElementById('root')
if (!root) throw new Error('The page has no element with the id root.')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
        getStyleNonce={() => styleNonce}
      >
        <FrameContext value={frame}>
          <RouterProvider router={router} />
        </FrameContext>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
)
