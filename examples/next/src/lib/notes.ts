export const notes = ['mooring', 'launching'] as const
export type Note = (typeof notes)[number]

export function isNote(slug: string): slug is Note {
  return (notes as readonly string[]).includes(slug)
}
