'use client'

import { Area, AreaChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import type { Tide } from '@/lib/tides'

export function TideChart({ tides }: { tides: Tide[] }) {
  return (
    <div className="h-56">
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={tides}>
          <XAxis dataKey="hour" />
          <YAxis unit=" m" />
          <Area dataKey="metres" stroke="#0369a1" fill="#bae6fd" />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}
