/** German. Its sentences are the list of all that the page can say: other catalogues have the same. */
import { app } from '@/words/de/app'
import { canvas } from '@/words/de/canvas'
import { common } from '@/words/de/common'
import { cutouts } from '@/words/de/cutouts'
import { dialogs } from '@/words/de/dialogs'
import { documents } from '@/words/de/documents'
import { engine } from '@/words/de/engine'
import { gallery } from '@/words/de/gallery'
import { models } from '@/words/de/models'
import { panels } from '@/words/de/panels'
import { prompts } from '@/words/de/prompts'
import { settings } from '@/words/de/settings'
import { shortcuts } from '@/words/de/shortcuts'
import { start } from '@/words/de/start'
import { studio } from '@/words/de/studio'
import { told } from '@/words/de/told'
import { units } from '@/words/de/units'
import { weights } from '@/words/de/weights'
import { place } from '@/words/de/place'
import { klein } from '@/words/de/klein'
import { light } from '@/words/de/light'
import { compose } from '@/words/de/compose'
import { align } from '@/words/de/align'
import { pairs } from '@/words/de/pairs'
import { mix } from '@/words/de/mix'

/** Those that `sayText` knows filled, too. */
export const recognised = { ...common, ...told } as const

export const de = {
  ...recognised,
  ...canvas,
  ...cutouts,
  ...dialogs,
  ...documents,
  ...engine,
  ...gallery,
  ...panels,
  ...prompts,
  ...settings,
  ...shortcuts,
  ...start,
  ...studio,
  ...units,
  ...app,
  ...models,
  ...weights,
  ...place,
  ...klein,
  ...light,
  ...compose,
  ...align,
  ...pairs,
  ...mix,
} as const

export type Message = keyof typeof de
export type Catalogue = Readonly<Record<Message, string>>
