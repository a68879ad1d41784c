import { Rectangle, type RectangleProps } from 'recharts'

const LEAST_HEIGHT_PX = 3

type ShapeProps = RectangleProps & { value?: unknown }

/**
 * A bar on top of a stack that can be seen however small it is: 3 px at least, 1 px away from the one below. The chart
 * library's own least height lifts zeros too.
 */
export function LeastBar(props: ShapeProps) {
  const { y = 0, height = 0, value } = props
  const amount = Array.isArray(value) ? Number(value[1]) - Number(value[0]) : Number(value)
  if (!(amount > 0)) return <g />
  const shown = Math.max(height, LEAST_HEIGHT_PX)
  return <Rectangle {...props} y={y + height - shown - 1} height={shown} />
}
