import type { Command } from 'commander'
import { demoCommand } from './demo.ts'
import { devCommand } from './dev.ts'
import { simulatorCommand } from './simulator.ts'
import { buildCommand, startCommand } from './start.ts'

/** Every command of the program; adding one is adding a line. */
export const commands: ((program: Command) => void)[] = [
  startCommand,
  devCommand,
  demoCommand,
  simulatorCommand,
  buildCommand,
]
