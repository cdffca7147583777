import type { MDXComponents } from 'mdx/types'
import { Code } from '@/components/code'

export function useMDXComponents(components: MDXComponents): MDXComponents {
  return {
    h1: (props) => <h1 className="mb-4 text-3xl font-semibold" {...props} />,
    table: (props) => <table className="my-4 border-collapse text-sm" {...props} />,
    Code,
    ...components,
  }
}
