/** DreamO's placeholders: words of a prompt that stand for its references (specs: DreamO §5). */

/** References that a prompt can name. */
export const MAX_REFERENCES = 9

/** `[ref#1]`, … for as many references, at most nine: what a prompt may be completed with. */
export const placeholderTokens = (references: number): string[] =>
  Array.from({ length: Math.max(0, Math.min(MAX_REFERENCES, references)) }, (_, i) => `[ref#${i + 1}]`)

/** The tokens that DreamO adds to T5's, in the order of their ids. */
export const ADDED_TOKENS: readonly string[] = [...placeholderTokens(MAX_REFERENCES), '[res]']

export interface FoundPlaceholder {
  /** Where it stands in the prompt, UTF-16 units. */
  begin: number
  end: number
  /** The reference that it names, counted from 0. */
  reference: number
}

/** The placeholders in a prompt, in order. They are found as the tokenizer does: verbatim, small letters, 1 to 9. */
export const findPlaceholders = (prompt: string): FoundPlaceholder[] =>
  Array.from(prompt.matchAll(/\[ref#([1-9])\]/g), ({ 0: token, 1: digit, index }) => ({
    begin: index,
    end: index + token.length,
    reference: Number(digit) - 1,
  }))
