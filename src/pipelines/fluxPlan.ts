/** How a FLUX recipe would run on a device, said before anything is loaded. */
import { adapterRanks, planFlux, type FluxPlan, type SegmentShape } from '@/nets/memoryPlan'
import { COMPOSE_TEXT_TOKENS } from '@/pipelines/compose'
import { bucketFor } from '@/pipelines/dreamfusePrep'
import type { FluxModels } from '@/pipelines/fluxModel'
import { PLACE_TEXT_TOKENS } from '@/pipelines/placeFlux'
import type { ComposeRecipe, PlaceRecipe } from '@/schema/recipe'

/** Pixels per token: 8 of the VAE times 2 of the packing. */
const PATCH = 16

export interface DeviceFacts {
  /** Bytes that the user gives to the studio. */
  budgetBytes: number
  /** Bytes of the largest tensor that the device takes. */
  maxTensorBytes: number
  /** Measured, where that was done. */
  speed: { linearTflops: number; attentionTflops: number; diskGBps: number | null } | null
}

/** A recipe that runs on FLUX. */
export type FluxRecipe = PlaceRecipe | ComposeRecipe

/** @throws bad-weights when an adapter cannot be read; bad-recipe for a recipe of the built-in model */
export async function planRecipe(
  models: FluxModels,
  recipe: FluxRecipe,
  device: DeviceFacts,
): Promise<FluxPlan> {
  const { manifest } = models.set.transformer
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const limit = device.maxTensorBytes
  return planFlux({
    config: manifest.config,
    tensors: manifest.tensors,
    segments: segmentsOf(recipe),
    conditionings: 1 + (recipe.mode === 'compose' ? recipe.compose.steps : recipe.steps),
    loraRank: adapterRanks(adapters),
    limits: Number.isFinite(limit) ? { maxBufferSize: limit, maxStorageBufferBindingSize: limit } : null,
    budgetBytes: device.budgetBytes,
    speed: device.speed,
  })
}

/** The recipe's token sequence, as long as it will be at most. */
function segmentsOf(recipe: FluxRecipe): SegmentShape[] {
  if (recipe.mode === 'compose') {
    const { width, height, referenceSize } = recipe.compose
    const names = ['text', 'target', ...recipe.references.map((_, index) => `reference${index}`)]
    const tokens = (name: string): number => {
      if (name === 'text') return COMPOSE_TEXT_TOKENS
      return name === 'target' ? (width * height) / PATCH ** 2 : (referenceSize / PATCH) ** 2
    }
    return names.map((name) => ({
      name,
      weights: name === 'text' ? 'text' : 'image',
      tokens: tokens(name),
      modulation: 'step',
      sees: names,
    }))
  }
  const { size, textStrength } = recipe.flux ?? { size: 512 as const, textStrength: 1 }
  const bucket = bucketFor(size, recipe.background)
  const tokens = (bucket.width * bucket.height) / PATCH ** 2
  const sees = ['text', 'target', 'fg', 'bg']
  const image = { weights: 'image', tokens, sees } as const
  return [
    { name: 'text', weights: 'text', tokens: PLACE_TEXT_TOKENS * textStrength, modulation: 'step', sees },
    { name: 'target', ...image, modulation: 'step' },
    { name: 'fg', ...image, modulation: 'fixed' },
    { name: 'bg', ...image, modulation: 'fixed' },
  ]
}
