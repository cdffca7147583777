import { addMinutes } from 'date-fns'
import type { NextRequest } from 'next/server'
import { timeAnswer, timeQuery } from '@/lib/time'

export const dynamic = 'force-dynamic'

export function GET(request: NextRequest) {
  const query = timeQuery.safeParse(Object.fromEntries(request.nextUrl.searchParams))
  if (!query.success) return Response.json({ error: 'offset is minutes from UTC' }, { status: 400 })

  const { offset } = query.data
  const now = addMinutes(new Date(), offset).toISOString()
  return Response.json(timeAnswer.parse({ now, offset, node: process.version }))
}
