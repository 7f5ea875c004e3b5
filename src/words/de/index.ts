/** German. Its sentences are the list of all that the page can say: other catalogues have the same. */
import { settings } from '@/words/de/settings'

export const de = { ...settings } as const

export type Message = keyof typeof de
export type Catalogue = Readonly<Record<Message, string>>
