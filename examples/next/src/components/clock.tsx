'use client'

import { Clock as Icon } from 'lucide-react'
import { useState } from 'react'
import { timeAnswer } from '@/lib/time'

export function Clock() {
  const [shown, setShown] = useState('not asked yet')

  async function ask() {
    const response = await fetch('/api/time')
    setShown(timeAnswer.parse(await response.json()).now)
  }

  return (
    <button onClick={ask} className="inline-flex items-center gap-2 rounded border px-3 py-1">
      <Icon size={16} /> Ask the server: {shown}
    </button>
  )
}
