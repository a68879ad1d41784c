import type { Command } from 'commander'
import { applyCommand } from './apply.ts'
import { deliveriesCommand } from './deliveries.ts'
import { demoCommand } from './demo.ts'
import { devCommand } from './dev.ts'
import { exportCommand } from './export.ts'
import { planCommand } from './plan.ts'
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
  planCommand,
  applyCommand,
  exportCommand,
  devCommand,
  demoCommand,
  simulatorCommand,
  buildCommand,
]
