import { readdirSync } from 'node:fs'

import { afterAll, describe, expect, it } from 'vitest'

import { de } from '@/words/de'
import { ja } from '@/words/ja'
import { languageOf } from '@/words/languages'
import { holesOf } from '@/words/patterns'
import { language, say, sayNumber, sayText, sayTogether, setLanguage } from '@/words/say'

const CATALOGUES: Record<string, Readonly<Record<string, string>>> = { de, ja }
const parts = import.meta.glob<Record<string, Record<string, string>>>('./{de,ja}/**/*.ts', { eager: true })

describe.each(Object.entries(CATALOGUES))('the catalogue of %s', (tag, catalogue) => {
  it('fills the holes of English and no others, and leaves no sentence empty', () => {
    for (const [english, said] of Object.entries(catalogue)) {
      expect([...new Set(holesOf(said))].sort(), english).toEqual([...new Set(holesOf(english))].sort())
      expect(said.trim(), english).not.toBe('')
    }
  })

  it('has every sentence in one file; what is told from below may be written on the page, too', () => {
    const files = Object.entries(parts).filter(
      ([path]) => path.startsWith(`./${tag}/`) && !path.endsWith('index.ts'),
    )
    const listed = readdirSync(new URL(`./${tag}`, import.meta.url), { recursive: true, encoding: 'utf8' })
    expect(files.length).toBe(listed.filter((path) => /(?<!index)\.ts$/.test(path)).length)
    const seen = new Map<string, string>()
    const every = new Set<string>()
    for (const [path, file] of files)
      for (const english of Object.keys(Object.values(file)[0])) {
        const key = `${path.includes('/told/') ? 'told' : 'written'} ${english}`
        expect(seen.get(key), english).toBeUndefined()
        seen.set(key, path)
        every.add(english)
      }
    expect(every.size).toBe(Object.keys(catalogue).length)
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
    expect(sayText('Move dog.png')).toBe('„dog.png“ verschieben')
    expect(sayText('A name of the user’s')).toBe('A name of the user’s')
    await setLanguage('ja')
    expect(sayText('Move dog.png')).toBe('「dog.png」を移動')
    expect(sayText('constructor')).toBe('constructor')
  })

  it('knows what is in a sentence: others, lists, numbers', async () => {
    await setLanguage('de')
    expect(sayText("The picture could not be saved: the browser's storage is full.")).toBe(
      'Das Bild konnte nicht gespeichert werden: Der Speicher des Browsers ist voll.',
    )
    expect(sayText('This needs something else, which is not installed.')).toMatch(/^This/)
    expect(sayText('Choose a base and a reference among the pictures.')).toBe(
      'Wählen Sie unter den Bildern: eine Basis und eine Referenz.',
    )
    expect(sayText('Runs without “Cats and dogs” and “b”: not installed.')).toBe(
      'Läuft, obwohl nicht installiert: „Cats and dogs“ und „b“.',
    )
    expect(sayText('It fits: 1.5 GB of weights and up to 300 MB for the picture, within 16 GB.')).toBe(
      'Es passt: 1,5 GB Gewichte und bis zu 300 MB für das Bild, innerhalb von 16 GB.',
    )
    expect(sayText('Paint shadow')).toBe('Schatten: Maske malen')
  })

  it('knows several sentences, and the one that is surest to be meant', async () => {
    await setLanguage('de')
    expect(
      sayText(
        'It fits: 1 GB of weights and up to 2 GB for the picture, within 3 GB. This is Base, which needs about 50 steps.',
      ),
    ).toBe(
      'Es passt: 1 GB Gewichte und bis zu 2 GB für das Bild, innerhalb von 3 GB. Das ist Base, das etwa 50 Schritte braucht.',
    )
    expect(sayText('Move light')).toBe('Licht verschieben')
    expect(sayText('Move Dr. Who. Really')).toBe('„Dr. Who. Really“ verschieben')
    expect(sayText('Remove dust from a')).toBe('Staub aus „a“ entfernen')
  })
})

it('speaks the first of the user’s languages that it has', () => {
  expect(languageOf(['fr-CH', 'de-AT', 'en'])).toBe('de')
  expect(languageOf(['ja'])).toBe('ja')
  expect(languageOf(['fr', 'it'])).toBe('en')
})

it('ends soon with a text that is nearly all marks, and knows what it has been asked before', async () => {
  await setLanguage('de')
  const text = `“x” ${'a: '.repeat(60)}${'Foo. Bar. '.repeat(75)}`
  const began = performance.now()
  expect(sayText(text)).toBe(text)
  expect(sayText(text)).toBe(text)
  // Half a minute where every part is looked at in every way; a tenth of a second here.
  expect(performance.now() - began).toBeLessThan(10_000)
  await setLanguage('en')
})

it('speaks the language that was asked for last, whichever is loaded first', async () => {
  const first = setLanguage('de')
  await setLanguage('en')
  await first
  expect(language.getState()).toBe('en')
  expect(say('Settings')).toBe('Settings')
})
