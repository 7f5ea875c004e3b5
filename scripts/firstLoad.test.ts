import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

import { firstLoad } from './firstLoad.ts'

test('what is imported before a page runs counts once, what is loaded later does not', () => {
  const code = () => randomBytes(400).toString('base64')
  const chunks = {
    'studio.js': { code: code(), imports: ['a.js', 'b.js'] },
    'a.js': { code: code(), imports: ['b.js', 'studio.js'] },
    'b.js': { code: code(), imports: [] },
    'dialog.js': { code: code(), imports: ['a.js'] },
  }
  const wanted = (['studio.js', 'a.js', 'b.js'] as const).map((file) => gzipSync(chunks[file].code).length)
  expect(firstLoad('studio.js', chunks)).toBe(wanted.reduce((sum, size) => sum + size))
})
