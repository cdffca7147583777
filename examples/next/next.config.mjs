import createMDX from '@next/mdx'

/** @type {import('next').NextConfig} */
const nextConfig = {
  pageExtensions: ['ts', 'tsx', 'mdx'],
  poweredByHeader: false,
}

// Plugins are named by strings: Turbopack cannot take functions.
const withMDX = createMDX({
  options: { remarkPlugins: ['remark-gfm'], rehypePlugins: ['rehype-slug'] },
})

export default withMDX(nextConfig)
