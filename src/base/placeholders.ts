/** `[ref#n]`: words of a prompt that stand for its references, counted from 1 (specs: DreamO §5). */

export interface Placeholder {
  text: string
  /** Where it stands in the prompt, UTF-16 units. */
  begin: number
  end: number
  /** The reference that it names, counted from 0; there may be none. */
  reference: number
}

export const placeholder = (reference: number): string => `[ref#${reference + 1}]`

/** The placeholders in a prompt, in order. They are found as the tokenizer does: verbatim, in small letters. */
export const findPlaceholders = (prompt: string): Placeholder[] =>
  Array.from(prompt.matchAll(/\[ref#(\d+)\]/g), ({ 0: text, 1: number, index: begin }) => ({
    text,
    begin,
    end: begin + text.length,
    reference: Number(number) - 1,
  }))

/** The prompt with words for its placeholders. */
export const replacePlaceholders = (prompt: string, words: (reference: number) => string): string =>
  prompt.replaceAll(/\[ref#(\d+)\]/g, (_, number: string) => words(Number(number) - 1))

/** Gives placeholders other references; null takes one out, with the space behind it. */
export function renumberPlaceholders(prompt: string, to: (reference: number) => number | null): string {
  let renumbered = ''
  let at = 0
  for (const { begin, end, reference } of findPlaceholders(prompt)) {
    const now = to(reference)
    renumbered += prompt.slice(at, begin) + (now === null ? '' : placeholder(now))
    at = now === null && prompt[end] === ' ' ? end + 1 : end
  }
  return renumbered + prompt.slice(at)
}
