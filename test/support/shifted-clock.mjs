/* For `node --import`: the wall clock of this process is off by so many milliseconds. */

const shiftMs = Number(process.env.CLOCK_SHIFT_MS)
const TrueDate = Date

globalThis.Date = class extends TrueDate {
  constructor(...given) {
    super(...(given.length === 0 ? [TrueDate.now() + shiftMs] : given))
  }

  static now() {
    return TrueDate.now() + shiftMs
  }
}
