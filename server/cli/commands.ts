import type { Command } from 'commander'
import { deliveriesCommand } from './deliveries.ts'
import { demoCommand } from './demo.ts'
import { devCommand } from './dev.ts'
import { postCommand } from './post.ts'
import { simulatorCommand } from './simulator.ts'
import { buildCommand, startCommand } from './start.ts'
import { testCommand } from './test-connection.ts'

/** Every command of the program; adding one is adding a line. */
export const commands: ((program: Command) => void)[] = [
  startCommand,
  postCommand,
  deliveriesCommand,
  testCommand,
  devCommand,
  demoCommand,
  simulatorCommand,
  buildCommand,
]
