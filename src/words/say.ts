/**
 * What the page says, in the user's language. The English sentence is the name of its translations: code reads as the page
 * does, and a sentence that a catalogue lacks does not compile. Texts that come from below (problems, stages, names of steps)
 * are English data; the page translates them when it shows them.
 */
import { createStore } from 'zustand/vanilla'

import type { Catalogue, Message } from '@/words/de'
import type { Language } from '@/words/languages'
import { fill, type Holes } from '@/words/patterns'
import { createRecogniser } from '@/words/recognise'

export type { Message }
/** A sentence without holes: lists of what can be said are made of these. */
export type PlainMessage = { [M in Message]: [Holes<M>] extends [never] ? M : never }[Message]
type Values<M extends Message> = [Holes<M>] extends [never]
  ? []
  : [values: Readonly<Record<Holes<M>, string | number>>]

/** The language of the page. What is drawn is drawn anew when it changes (`app/main`). */
export const language = createStore<Language>(() => 'en')

let catalogue: Readonly<Record<string, string>> | null = null
let recognise: (text: string) => string | null = () => null

const load = {
  en: () => Promise.resolve(null),
  de: async () => {
    const { de, recognised } = await import('@/words/de')
    return { all: de, recognised }
  },
  ja: async () => {
    const { ja, recognised } = await import('@/words/ja')
    return { all: ja, recognised }
  },
} satisfies Record<Language, () => Promise<{ all: Catalogue; recognised: object } | null>>

let asked: Language = 'en'

/**
 * Has the page say everything in a language from now on, unless another is asked for meanwhile. Rejects where its catalogue
 * cannot be loaded; then nothing changes.
 */
export async function setLanguage(wanted: Language): Promise<void> {
  asked = wanted
  const loaded = await load[wanted]()
  if (asked !== wanted || language.getState() === wanted) return
  catalogue = loaded?.all ?? null
  recognise = loaded ? createRecogniser(loaded.all, loaded.recognised, wanted) : () => null
  numbers.clear()
  language.setState(wanted, true)
}

/** A sentence in the page's language, with its holes. What follows a bar tells apart what English says alike: `Light|theme`. */
export const sentenceOf = (message: Message): string =>
  catalogue?.[message] ?? message.replace(/\|[\w ]+$/, '')

/** Says a sentence in the page's language. Numbers are written as it writes them. */
export function say<M extends Message>(message: M, ...[values]: Values<M>): string {
  return fill(sentenceOf(message), values ? written(values) : {})
}

/** Says what code below the page said in English (`recognise.ts`); what no catalogue has, as it is. */
export const sayText = (text: string): string => recognise(text) ?? text

/** Joins what is said side by side: "3 wait, about 2 min in all". */
export const sayTogether = (parts: readonly (string | false | null | undefined)[]): string =>
  parts.filter(Boolean).join(language.getState() === 'ja' ? '、' : ', ')

/** A moment (ms since 1970) as the page's language writes it; English as the browser is set, since its countries differ. */
export function sayTime(time: number, dateStyle: 'short' | 'medium' = 'medium'): string {
  const tag = language.getState()
  return new Date(time).toLocaleString(tag === 'en' ? [] : tag, { dateStyle, timeStyle: 'short' })
}

/** Names, each in quotation marks: “a”, “b”. */
export const sayQuoted = (names: readonly string[]): string =>
  sayTogether(names.map((name) => say('“{name}”', { name })))

const numbers = new Map<number | undefined, Intl.NumberFormat>()

/** A number as the page's language writes it: with so many decimals, else with up to three. */
export function sayNumber(value: number, decimals?: number): string {
  let format = numbers.get(decimals)
  if (!format) {
    const [least, most] = [decimals ?? 0, decimals ?? 3]
    format = new Intl.NumberFormat(language.getState(), {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
      useGrouping: 'min2',
    })
    numbers.set(decimals, format)
  }
  return format.format(value)
}

const written = (values: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? sayNumber(value) : value,
    ]),
  )
