import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** What the compiler says of a file with `code` under one of our configs, which is read from disk as it is. */
function complaints(config: 'page' | 'worker', code: string): string[] {
  const read = ts.readConfigFile(join(ROOT, `tsconfig.${config}.json`), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT)
  const file = join(ROOT, 'src', 'base', 'imagined.ts')
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, code, version) : getSourceFile(name, version)
  const program = ts.createProgram([file], options, host)
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

describe('the compiler', () => {
  it.each([
    ['worker', 'document.title', "Cannot find name 'document'"],
    ['worker', 'window.alert()', "Cannot find name 'window'"],
    ['worker', 'localStorage.clear()', "Cannot find name 'localStorage'"],
    ['worker', 'process.exit()', "Cannot find name 'process'"],
    ['page', 'new FileReaderSync()', "Cannot find name 'FileReaderSync'"],
    ['page', 'importScripts()', "Cannot find name 'importScripts'"],
    ['page', 'process.exit()', "Cannot find name 'process'"],
  ] as const)('of a %s does not know %s', (config, code, complaint) => {
    expect(complaints(config, code).join()).toContain(complaint)
  })

  it.each(['page', 'worker'] as const)('of a %s knows what both have', (config) => {
    expect(complaints(config, 'export const n = navigator.hardwareConcurrency + performance.now()')).toEqual(
      [],
    )
  })
})
