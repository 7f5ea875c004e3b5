/** The languages of the studio, by their BCP 47 tags. */
export const LANGUAGES = ['en', 'de', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

/** As they call themselves. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  ja: '日本語',
}

/** The first of the user's languages that the studio speaks, whatever the country; else English. */
export function languageOf(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => LANGUAGES.find((one) => one === tag.toLowerCase().split('-')[0]))
  return known.find((one) => one !== undefined) ?? 'en'
}
