/** Sentences with holes, `{name} was not found`: filled, and recognised once they are filled. */

/** The names of a sentence's holes. */
export type Holes<Sentence extends string> = Sentence extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never

const HOLE = /\{([^{}]+)\}/g

/** The names of a sentence's holes, in their order. */
export const holesOf = (sentence: string): string[] => [...sentence.matchAll(HOLE)].map(([, name]) => name)

/** Puts values into the holes; one that lacks its value stays as it is. */
export const fill = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(HOLE, (hole, name: string) => values[name] ?? hole)

/** A sentence cut at its holes: text, name of a hole, text, and so on. */
export const piecesOf = (sentence: string): string[] => sentence.split(HOLE)

export interface Pattern {
  sentence: string
  /** What was put into the holes of a text that is this sentence, filled; null where it is not. */
  match(text: string): Record<string, string> | null
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Letters of its own from which on a sentence with another in it is no accident. */
const SAYS_ENOUGH = 6

/**
 * Those of the sentences that have holes, the surest to be meant first: those with a hole for another sentence, which is
 * either known or not (`{told}`), then those that say most.
 */
export function patternsOf(sentences: readonly string[]): Pattern[] {
  const saying = (sentence: string) => sentence.replace(HOLE, '').length
  const isSure = (sentence: string) => sentence.includes('{told') && saying(sentence) >= SAYS_ENOUGH
  return sentences
    .filter((sentence) => holesOf(sentence).length > 0)
    .sort((a, b) => Number(isSure(b)) - Number(isSure(a)) || saying(b) - saying(a))
    .map((sentence) => {
      const names = holesOf(sentence)
      const source = piecesOf(sentence).filter((_, at) => at % 2 === 0)
      const shape = new RegExp(`^${source.map(escaped).join('(.+?)')}$`, 's')
      return {
        sentence,
        match(text) {
          const found = shape.exec(text)
          return found && Object.fromEntries(names.map((name, at) => [name, found[at + 1]]))
        },
      }
    })
}
