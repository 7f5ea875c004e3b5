/** A word of a prompt and where it stands in the text. */
export interface PromptWord {
  text: string
  start: number
  end: number
}

/** The words of a prompt: runs of letters, digits and apostrophes, as people would count them. */
export const promptWords = (prompt: string): PromptWord[] =>
  [...prompt.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
