/** German. Its sentences are the list of all that the page can say: other catalogues have the same. */
import { common } from '@/words/de/common'
import { cutouts } from '@/words/de/cutouts'
import { dialogs } from '@/words/de/dialogs'
import { documents } from '@/words/de/documents'
import { gallery } from '@/words/de/gallery'
import { prompts } from '@/words/de/prompts'
import { settings } from '@/words/de/settings'
import { shortcuts } from '@/words/de/shortcuts'
import { start } from '@/words/de/start'

export const de = {
  ...common,
  ...cutouts,
  ...dialogs,
  ...documents,
  ...gallery,
  ...prompts,
  ...settings,
  ...shortcuts,
  ...start,
} as const

export type Message = keyof typeof de
export type Catalogue = Readonly<Record<Message, string>>
