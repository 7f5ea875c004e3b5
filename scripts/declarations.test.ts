import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { declarationsOf } from './declarations.ts'

const read = (path: string) =>
  declarationsOf(readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8'), path)

test('the entry’s declarations name files that lie beside them alone', () => {
  const entry = read('engine/index.ts')
  expect(entry).toContain('export declare const createEngine: CreateEngine')
  expect([...entry.matchAll(/from '([^']+)'/g)].map(([, name]) => name).sort()).toEqual([
    './api',
    './api',
    './errors',
  ])
  for (const path of ['engine/api.ts', 'base/errors.ts']) expect(read(path)).not.toMatch(/^import |from '/m)
})

test('a type that would have to be worked out is refused', () => {
  expect(() => declarationsOf('export const made = [1].map(String)', 'a.ts')).toThrow()
})
