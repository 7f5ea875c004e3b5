// Types of the engine's entry, for pages in TypeScript: its sources' declarations, each file for itself.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'
import type { Plugin } from 'vite'

/** What the entry exports; none of them needs another file of the house. */
const SOURCES = {
  'engine.d.ts': 'engine/index.ts',
  'api.d.ts': 'engine/api.ts',
  'errors.d.ts': 'base/errors.ts',
}

/** A file's declarations, with what it names beside it. @throws where the file leaves a type to be worked out */
export function declarationsOf(source: string, fileName: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023 },
  })
  if (diagnostics.length > 0)
    throw new Error(
      diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'),
    )
  return outputText.replace(/'@\/(?:engine|base)\/(\w+)'/g, "'./$1'")
}

/** Writes them beside the built entry. */
export const engineDeclarations = (root: string): Plugin => ({
  name: 'engine-declarations',
  apply: 'build',
  generateBundle() {
    for (const [name, path] of Object.entries(SOURCES)) {
      const source = readFileSync(join(root, 'src', path), 'utf8')
      this.emitFile({ type: 'asset', fileName: `engine/${name}`, source: declarationsOf(source, path) })
    }
  },
})
