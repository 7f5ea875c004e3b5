import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { noticesOf, shippedPackages } from './notices.ts'

const ROOT = new URL('..', import.meta.url).pathname

test('what is used to build alone is not among what ships', () => {
  const packages = {
    '': {},
    'node_modules/a': {},
    'node_modules/b': { dev: true },
    'node_modules/c': { optional: true },
  }
  expect(shippedPackages({ packages })).toEqual(['node_modules/a'])
})

test('every dependency is there, with the text of its licence', () => {
  const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    dependencies: Record<string, string>
  }
  const notices = noticesOf(ROOT)
  for (const name of Object.keys(dependencies)) expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
  for (const text of [
    'Meta Platforms',
    'Anton Lavr',
    'SIL OPEN FONT LICENSE',
    'Joe Drago',
    'Buf Technologies',
    '3. Neither the name of the copyright holder',
    'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION',
    'meadow-ball.webp',
  ])
    expect(notices).toContain(text)
  // Each notice is more than a name.
  for (const notice of notices.split(`\n${'-'.repeat(80)}\n`).slice(1))
    expect(notice.length, notice.slice(0, 60)).toBeGreaterThan(150)
  expect(notices).not.toMatch(/^vitest \d/m)
})
