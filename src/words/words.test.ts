import { readdirSync } from 'node:fs'

import { afterAll, describe, expect, it } from 'vitest'

import { de } from '@/words/de'
import { ja } from '@/words/ja'
import { languageOf } from '@/words/languages'
import { holesOf } from '@/words/patterns'
import { language, say, sayNumber, sayText, sayTogether, setLanguage } from '@/words/say'

const CATALOGUES: Record<string, Readonly<Record<string, string>>> = { de, ja }
const parts = import.meta.glob<Record<string, Record<string, string>>>('./{de,ja}/*.ts', { eager: true })

describe.each(Object.entries(CATALOGUES))('the catalogue of %s', (tag, catalogue) => {
  it('fills the holes of English and no others, and leaves no sentence empty', () => {
    for (const [english, said] of Object.entries(catalogue)) {
      expect([...new Set(holesOf(said))].sort(), english).toEqual([...new Set(holesOf(english))].sort())
      expect(said.trim(), english).not.toBe('')
    }
  })

  it('has every sentence in one file', () => {
    const files = Object.entries(parts).filter(
      ([path]) => path.startsWith(`./${tag}/`) && !path.endsWith('index.ts'),
    )
    expect(files.length).toBe(readdirSync(new URL(`./${tag}`, import.meta.url)).length - 1)
    const seen = new Map<string, string>()
    for (const [path, file] of files)
      for (const english of Object.keys(Object.values(file)[0])) {
        expect(seen.get(english), english).toBeUndefined()
        seen.set(english, path)
      }
    expect(seen.size).toBe(Object.keys(catalogue).length)
  })
})

describe('saying', () => {
  afterAll(() => setLanguage('en'))

  it('is English before anything is loaded, without what tells meanings apart', () => {
    expect(say('Light|theme')).toBe('Light')
    expect(say('Inlay {version}.', { version: '2.0' })).toBe('Inlay 2.0.')
    expect(sayText('Whatever 3 of “it”')).toBe('Whatever 3 of “it”')
    expect(sayTogether(['a', false, 'b'])).toBe('a, b')
  })

  it('follows the language, and writes its numbers', async () => {
    await setLanguage('de')
    expect(language.getState()).toBe('de')
    expect(say('Light|theme')).toBe('Hell')
    expect(sayNumber(1234.5)).toBe('1234,5')
    expect(sayNumber(12345)).toBe('12.345')
    await setLanguage('ja')
    expect(say('Settings')).toBe('設定')
    expect(sayTogether(['a', 'b'])).toBe('a、b')
  })

  it('knows a filled sentence again, and leaves what nobody said', async () => {
    await setLanguage('de')
    expect(sayText('Settings')).toBe('Einstellungen')
    expect(sayText('Inlay 3.1.')).toBe('Inlay 3.1.')
    expect(sayText('A name of the user’s')).toBe('A name of the user’s')
    await setLanguage('ja')
    expect(sayText('Inlay 3.1.')).toBe('Inlay 3.1')
  })
})

it('speaks the first of the user’s languages that it has', () => {
  expect(languageOf(['fr-CH', 'de-AT', 'en'])).toBe('de')
  expect(languageOf(['ja'])).toBe('ja')
  expect(languageOf(['fr', 'it'])).toBe('en')
})
