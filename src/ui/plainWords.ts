/** Words as they are searched: without accents, in small letters. */
export const plainWords = (words: string): string =>
  words
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim()
