/** Words that the modes share for what a recipe is made of. */
import type { AssetRef } from '@/schema/common'

export const stepWords = (steps: number): string => (steps === 1 ? '1 step' : `${steps} steps`)

/** "Words" of several, "Word" of one. */
export const several = (word: string, count: number): string => (count > 1 ? `${word}s` : word)

export const assetNames = (parts: readonly { asset: AssetRef }[]): string =>
  parts.map(({ asset }) => asset.name).join(', ')

interface Sizes {
  width: number
  height: number
  steps: number
  guidance: number
}

export const sizeWords = ({ width, height, steps, guidance }: Sizes): string =>
  `${width} × ${height}, ${stepWords(steps)}, guidance ${guidance}`
