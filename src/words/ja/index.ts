/** Japanese. */
import type { Catalogue } from '@/words/de'
import { settings } from '@/words/ja/settings'

export const ja: Catalogue = { ...settings }
