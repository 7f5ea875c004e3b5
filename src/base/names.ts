let graphemes: Intl.Segmenter | null = null

/** The beginning of a text, at most `most` UTF-16 units, that ends between two characters as people see them. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let end = 0
  // What is looked at is bounded: one character more than is wanted.
  for (const { index } of graphemes.segment(text.slice(0, most + 64))) if (index <= most) end = index
  return text.slice(0, end)
}

/** Most UTF-16 units of a name that is kept (schema/common.ts). */
export const LONGEST_NAME = 300

/** A name as it is kept: composed (macOS gives file names in pieces), trimmed, no longer than the schema allows. */
export const keptName = (name: string): string => shorten(name.normalize('NFC').trim(), LONGEST_NAME)

/** Says in the user's language what a copy of something is called: "dog copy". What is stored is said once, when it is made. */
export type CopyName = (name: string) => string
export const copyName: CopyName = (name) => `${name} copy`

/** What a copy is called, in at most `most` UTF-16 units. */
export const nameOfCopy = (name: string, most: number, called: CopyName): string =>
  called(shorten(name, most - called('').length))

/** Most UTF-8 bytes of a stem: file systems take 255 for the whole name. */
const STEM_BYTES = 180

/**
 * What of a name may stand in any file system: letters, digits and their marks, all else hyphens, without the
 * extension. Empty where nothing of that is left.
 */
export function fileStem(name: string): string {
  const stem = name
    .normalize('NFC')
    .replace(/\.[a-z0-9]{1,12}$/i, '')
    .replace(/[^\p{L}\p{N}\p{M}\u200c\u200d-]+/gu, '-')
    .replace(/^[-\p{M}\u200c\u200d]+/u, '')
  let most = STEM_BYTES
  let short = shorten(stem, most)
  while (new TextEncoder().encode(short).length > STEM_BYTES) short = shorten(stem, (most -= 10))
  let end = short.length
  while (short[end - 1] === '-') end--
  return short.slice(0, end)
}
