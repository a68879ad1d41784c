/** A template to begin with, and an event to show it with. */
export type Preset = { name: string; description: string; source: string; sample: Record<string, unknown> }
