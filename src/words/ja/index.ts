/** Japanese. */
import type { Catalogue } from '@/words/de'
import { common } from '@/words/ja/common'
import { settings } from '@/words/ja/settings'

export const ja: Catalogue = { ...common, ...settings }
