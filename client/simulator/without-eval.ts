import { z } from 'zod'

// The page's content policy forbids making code from text. Zod tries it once and the browser reports it as a breach.
z.config({ jitless: true })
