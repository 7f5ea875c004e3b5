import type { Size } from '@/base/geometry'
import type { Speed } from '@/nets/runner/memoryPlan'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import type { FluxWork } from '@/pipelines/flux/fluxPlan'
import { typicalPicture } from '@/pipelines/flux/typical'
import { bucketFor } from '@/pipelines/place/dreamfusePrep'
import { placeSegments } from '@/pipelines/place/placeDenoise'
import { PLACE_TEXT_TOKENS, sigmasFrom } from '@/pipelines/place/placeFlux'
import type { TypicalPicture } from '@/pipelines/shared/report'
import type { PlaceRecipe } from '@/schema/modes/place'

/** What of a recipe its work depends on. */
export interface PlaceSizes extends Pick<PlaceRecipe, 'steps' | 'strength'> {
  background: Size
  foregrounds: readonly unknown[]
  flux?: Pick<NonNullable<PlaceRecipe['flux']>, 'size' | 'textStrength' | 'refreshEvery'> | undefined
}

const USUAL = { size: 512, textStrength: 1, refreshEvery: 1 } as const

/** What Place asks of FLUX (specs: DreamFuse §3): every foreground is a picture of its own. */
export function placeWork({ flux, background, foregrounds, steps, strength }: PlaceSizes): FluxWork {
  const { size: list, textStrength, refreshEvery } = flux ?? USUAL
  const size = bucketFor(list, background)
  const [rows, columns] = [size.height / PIXELS_PER_TOKEN, size.width / PIXELS_PER_TOKEN]
  const textTokens = PLACE_TEXT_TOKENS * textStrength
  const segments = placeSegments({ textTokens, rows, columns, affine: null })
  const taken = sigmasFrom(strength, steps, rows * columns).length - 1
  const pictures = foregrounds.length
  return {
    segments,
    kept: { every: refreshEvery, steps: taken, names: ['fg', 'bg'] },
    conditionings: 1 + taken,
    forwards: [{ segments, count: pictures * taken }],
    texts: [PLACE_TEXT_TOKENS],
    // Foreground, background, and the pasted picture where sampling starts from it.
    encoded: [{ size, count: pictures * (strength < 1 ? 3 : 2) }],
    // The background again, and the result.
    decoded: [{ size, count: 2 * pictures }],
  }
}

/** LoRA ranks are those of the released files: DreamFuse's alone, and with a few-step adapter. */
export function placeTypical(speed: Speed): TypicalPicture[] {
  const work = (steps: number): FluxWork => {
    return placeWork({ background: { width: 512, height: 512 }, foregrounds: [0], steps, strength: 1 })
  }
  return [
    typicalPicture('Place with DreamFuse, 512 px, 28 steps', work(28), 16, speed),
    typicalPicture('Place with DreamFuse, 512 px, 8 steps (turbo)', work(8), 80, speed),
  ]
}
