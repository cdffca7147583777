import { addHours, format } from 'date-fns'

export type Tide = { hour: string; metres: number }

/** A sine is close enough to the sea for an example. */
export function tidesOf(day: Date): Tide[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    hour: format(addHours(day, hour), 'HH:mm'),
    metres: Number((2.5 + 1.8 * Math.sin((hour / 12.4) * 2 * Math.PI)).toFixed(2)),
  }))
}
