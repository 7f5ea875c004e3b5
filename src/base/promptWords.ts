/** A word of a prompt and where it stands in the text. */
export interface PromptWord {
  text: string
  start: number
  end: number
}

/** Letters and digits with the marks that belong to them (vowel signs, accents), and joiners between them. */
const RUN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*(?:['’][\p{L}\p{N}\p{M}\u200c\u200d]+)*/gu

/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

let segmenter: Intl.Segmenter | null = null

/**
 * The words of a prompt, as people would count them: runs of letters, digits, marks and apostrophes; in scripts
 * without spaces the words of Unicode's segmentation. Recipes name words by their place in this list, so what it says
 * of spaced text must not change.
 */
export function promptWords(prompt: string): PromptWord[] {
  return [...prompt.matchAll(RUN)].flatMap(({ 0: text, index }) => {
    if (!UNSPACED.test(text)) return [{ text, start: index, end: index + text.length }]
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
    return [...segmenter.segment(text)]
      .filter(({ isWordLike }) => isWordLike)
      .map(({ segment, index: at }) => ({
        text: segment,
        start: index + at,
        end: index + at + segment.length,
      }))
  })
}
