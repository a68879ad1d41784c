import { z } from 'zod'

// The page's content policy forbids making code from text. Zod tries it once per page, which the browser reports as a
// breach; main.tsx imports this before anything that makes a schema.
z.config({ jitless: true })
