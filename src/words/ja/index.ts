/** Japanese. */
import type { Catalogue } from '@/words/de'
import { app } from '@/words/ja/app'
import { canvas } from '@/words/ja/canvas'
import { common } from '@/words/ja/common'
import { cutouts } from '@/words/ja/cutouts'
import { dialogs } from '@/words/ja/dialogs'
import { documents } from '@/words/ja/documents'
import { engine } from '@/words/ja/engine'
import { gallery } from '@/words/ja/gallery'
import { models } from '@/words/ja/models'
import { panels } from '@/words/ja/panels'
import { prompts } from '@/words/ja/prompts'
import { settings } from '@/words/ja/settings'
import { shortcuts } from '@/words/ja/shortcuts'
import { start } from '@/words/ja/start'
import { studio } from '@/words/ja/studio'
import { told } from '@/words/ja/told'
import { units } from '@/words/ja/units'
import { weights } from '@/words/ja/weights'
import { place } from '@/words/ja/place'
import { klein } from '@/words/ja/klein'
import { light } from '@/words/ja/light'
import { compose } from '@/words/ja/compose'
import { align } from '@/words/ja/align'
import { pairs } from '@/words/ja/pairs'
import { mix } from '@/words/ja/mix'

/** Those that `sayText` knows filled, too. */
export const recognised = { ...common, ...told }

export const ja: Catalogue = {
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
}
