import clsx from 'clsx'
import { formatDistanceToNow } from 'date-fns'
import { connection } from 'next/server'
import { About } from '@/components/about'

const started = new Date()

export default async function Status() {
  await connection()
  const heap = Math.round(process.memoryUsage().heapUsed / 1024 / 1024)

  return (
    <main className="space-y-2">
      <p>Started {formatDistanceToNow(started, { addSuffix: true })}.</p>
      <p className={clsx(heap > 200 && 'text-red-600')}>Heap: {heap} MiB</p>
      <About build={process.env.NODE_ENV ?? ''} runtime={process.version} />
    </main>
  )
}
