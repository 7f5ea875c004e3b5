/** Words that the modes share for what a recipe is made of. */
import type { AssetRef } from '@/schema/common'
import { say, sayTogether } from '@/words/say'

export const stepWords = (steps: number): string => say(steps === 1 ? '1 step' : '{steps} steps', { steps })

/** "Words" of several, "Word" of one. */
export const several = (word: 'Word' | 'Foreground' | 'Object' | 'Reference', count: number): string =>
  say(count > 1 ? (`${word}s` as const) : word)

export const assetNames = (parts: readonly { asset: AssetRef }[]): string =>
  sayTogether(parts.map(({ asset }) => asset.name))

interface Sizes {
  width: number
  height: number
  steps: number
  guidance: number
}

export const sizeWords = ({ width, height, steps, guidance }: Sizes): string =>
  sayTogether([`${width} × ${height}`, stepWords(steps), say('guidance {guidance}', { guidance })])
