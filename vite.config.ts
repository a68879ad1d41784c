import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** The address that the server listens on during `npm run dev`; Vite hands it everything that is not a page. */
const SERVER = `http://127.0.0.1:${process.env.SWITCHBOARD_PORT ?? '3000'}`

const page = (path: string) => join(import.meta.dirname, 'client', path)

export default defineConfig({
  root: page('.'),
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    // Charts and message previews are large and are loaded when a page shows one; test/client/weight.test.ts weighs the rest.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { input: { console: page('index.html'), simulator: page('simulator/index.html') } },
  },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER, '/slack': SERVER, '/healthz': SERVER, '/readyz': SERVER } },
  test: {
    root: import.meta.dirname,
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/loopback-only.ts'],
    // Tests wait for disks, databases and browsers more than they compute: Vitest's own choice leaves one core idle.
    maxWorkers: '100%',
    // A walk through pages takes seconds, and many times that on a machine that is busy with others: it must not fail.
    testTimeout: 120_000,
    // The first browser is unpacked, and the console built, in a hook.
    hookTimeout: 120_000,
    // As long as a page is waited for.
    expect: { poll: { timeout: 30_000 } },
  },
})
