/** Japanese. */
import type { Catalogue } from '@/words/de'
import { common } from '@/words/ja/common'
import { cutouts } from '@/words/ja/cutouts'
import { dialogs } from '@/words/ja/dialogs'
import { documents } from '@/words/ja/documents'
import { gallery } from '@/words/ja/gallery'
import { prompts } from '@/words/ja/prompts'
import { settings } from '@/words/ja/settings'
import { shortcuts } from '@/words/ja/shortcuts'
import { start } from '@/words/ja/start'

export const ja: Catalogue = {
  ...common,
  ...cutouts,
  ...dialogs,
  ...documents,
  ...gallery,
  ...prompts,
  ...settings,
  ...shortcuts,
  ...start,
}
