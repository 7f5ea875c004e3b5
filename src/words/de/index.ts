/** German. Its sentences are the list of all that the page can say: other catalogues have the same. */
import { common } from '@/words/de/common'
import { settings } from '@/words/de/settings'

export const de = { ...common, ...settings } as const

export type Message = keyof typeof de
export type Catalogue = Readonly<Record<Message, string>>
