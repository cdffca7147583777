import { z } from 'zod'

export const timeQuery = z.object({ offset: z.coerce.number().int().min(-720).max(840).default(0) })
export const timeAnswer = z.object({ now: z.iso.datetime(), offset: z.number(), node: z.string() })
