import { Clock } from '@/components/clock'
import { TideChart } from '@/components/tide-chart'
import { tidesOf } from '@/lib/tides'

export default function Home() {
  return (
    <main className="space-y-4">
      <h1 className="text-3xl font-semibold">Harbour by Next.js</h1>
      <p>Tides of the first day of the year.</p>
      <TideChart tides={tidesOf(new Date(2026, 0, 1))} />
      <Clock />
    </main>
  )
}
