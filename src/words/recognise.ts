/**
 * Knows English sentences again, filled or not, and says them in another language: what code below the page said.
 * What a hole is called says what is in it: `told…` another sentence of the catalogue, `list…` a list of words ("a, b and
 * c"), `n…` a number, with its unit; all else (`name`, `detail`) stays as it is.
 */
import type { Language } from '@/words/languages'
import { fill, patternsOf } from '@/words/patterns'

/** Where one sentence ends and another begins. */
const CUT = /[.!?] (?=[A-Z“])/g
/** Between the words of a list, but not in what is quoted. */
const BETWEEN = /(?:, | and )(?![^“]*”)/
const NUMBER = /^(\d[\d,]*)(\.\d+)?(\D*)$/

/** Letters of what may be a sentence of ours, and answers that are remembered. */
const LONGEST = 1000
const KEPT = 5000
/** Parts of one text that are looked at in every way; ours need a few dozen, and a name full of marks would take a minute. */
const MOST_PARTS = 500

type Sentences = Readonly<Record<string, string>>

/**
 * @param all every sentence
 * @param filled those that are known filled, too; of others only the words themselves
 * @returns says a text, null where nobody knows it
 */
export function createRecogniser(
  all: Sentences,
  filled: Sentences,
  language: Language,
): (text: string) => string | null {
  const patterns = patternsOf(Object.keys(filled))
  /** Parts are asked for again and again, and so are whole texts: a page is drawn often. */
  const answers = new Map<string, string | null>()
  /** Parts that the text may still be looked at in. */
  let left = 0
  const lists = new Intl.ListFormat(language, { type: 'conjunction' })

  const number = (text: string): string => {
    const [, whole, rest = '', unit] = NUMBER.exec(text) ?? []
    if (whole === undefined) return text
    const digits = rest === '' ? 0 : rest.length - 1
    const format = new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: whole.includes(','),
    })
    return format.format(Number(whole.replaceAll(',', '') + rest)) + unit
  }

  /** A part of a sentence may begin small, and end without its mark. */
  const part = (text: string): string | null =>
    known(text) ??
    whole(text.charAt(0).toUpperCase() + text.slice(1)) ??
    known(`${text}.`)?.replace(/[.。]$/, '') ??
    null

  const valueOf = (name: string, value: string): string | null => {
    if (/^told/.test(name)) return part(value)
    if (/^list/.test(name)) return lists.format(value.split(BETWEEN).map((word) => part(word) ?? word))
    return /^n\d*$/.test(name) ? number(value) : value
  }

  const byPattern = (text: string, mayHoldSentences: boolean): string | null => {
    for (const { sentence, match } of patterns) {
      const values = Object.entries(match(text) ?? {})
      if (values.length === 0 || (!mayHoldSentences && values.some(([, value]) => value.search(CUT) >= 0)))
        continue
      const said = values.map(([name, value]) => [name, valueOf(name, value)] as const)
      if (said.every((one): one is readonly [string, string] => one[1] !== null))
        return fill(filled[sentence], Object.fromEntries(said))
    }
    return null
  }

  /** Several sentences, one after the other. */
  const inParts = (text: string): string | null => {
    for (const { index } of text.matchAll(CUT)) {
      const first = one(text.slice(0, index + 1))
      const others = first === null ? null : (one(text.slice(index + 2)) ?? inParts(text.slice(index + 2)))
      if (others !== null) return `${first}${language === 'ja' ? '' : ' '}${others}`
    }
    return null
  }

  const whole = (text: string): string | null => (Object.hasOwn(all, text) ? all[text] : null)
  const one = (text: string): string | null => whole(text) ?? byPattern(text, false)
  const known = (text: string): string | null => {
    const answer = answers.get(text)
    if (answer !== undefined) return answer
    if (left-- <= 0) return null
    // Nobody's while it is looked at: what holds itself is no sentence.
    answers.set(text, null)
    const said = one(text) ?? inParts(text) ?? byPattern(text, true)
    // What was not looked at to its end may be known when it comes alone.
    if (left > 0 || said !== null) answers.set(text, said)
    else answers.delete(text)
    return said
  }
  return (text) => {
    if (text.length > LONGEST) return null
    if (answers.size > KEPT) answers.clear()
    left = MOST_PARTS
    return known(text)
  }
}
