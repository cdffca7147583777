import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = { title: 'Harbour', description: 'An example app for Slipway' }

const links = [
  ['/', 'Harbour'],
  ['/notes/mooring', 'Mooring'],
  ['/notes/launching', 'Launching'],
  ['/status', 'Status'],
] as const

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="mx-auto max-w-2xl p-6 text-slate-800">
        <nav className="mb-6 flex gap-4">
          {links.map(([href, text]) => (
            <Link key={href} href={href} className="hover:underline">
              {text}
            </Link>
          ))}
        </nav>
        {children}
      </body>
    </html>
  )
}
