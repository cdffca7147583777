import { codeToHtml } from 'shiki'

/** Highlighted while the page is prerendered, so the browser gets no highlighter. */
export async function Code({ lang, children }: { lang: string; children: string }) {
  const html = await codeToHtml(children.trim(), { lang, theme: 'github-light' })
  return <div className="my-4 rounded border p-3 text-sm" dangerouslySetInnerHTML={{ __html: html }} />
}
