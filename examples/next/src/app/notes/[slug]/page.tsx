import { notFound } from 'next/navigation'
import { isNote, notes } from '@/lib/notes'

export const dynamicParams = false

export function generateStaticParams() {
  return notes.map((slug) => ({ slug }))
}

export default async function NotePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  if (!isNote(slug)) notFound()

  const { default: Note } = await import(`../../../../content/${slug}.mdx`)
  return (
    <article>
      <Note />
    </article>
  )
}
