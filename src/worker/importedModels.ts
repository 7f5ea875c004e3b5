/** The imported models that the engine has open: one set at a time, kept for the next picture where memory allows. */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { FluxModels, openModelSet } from '@/pipelines/fluxModel'
import { planRecipe, type DeviceFacts } from '@/pipelines/fluxPlan'
import type { ModelRef, Recipe } from '@/schema/recipe'
import { createPromptCache } from '@/storage/promptCache'
import { findInstalled } from '@/weights/installed'

/** What a run may take where the page does not say. */
const DEFAULT_BUDGET = 8e9
/** The autoencoder at 1024 x 1024 and the encoders, which want room beside a transformer that stays. */
const BESIDE = 2e9

type Plan = Awaited<ReturnType<typeof planRecipe>>

export class ImportedModels {
  readonly prompts = createPromptCache()
  /** What the probe has measured. */
  speed: DeviceFacts['speed'] = null
  private opened: { key: string; models: FluxModels } | null = null

  /**
   * The networks of a recipe, planned for the memory there is.
   * @throws missing-asset naming the pack that is not installed; out-of-memory when not even streaming fits
   */
  async open(backend: Backend, recipe: Recipe, memoryBytes = DEFAULT_BUDGET): Promise<FluxModels> {
    const plan = await this.plan(backend, recipe, memoryBytes)
    if (plan.verdict === 'too-large')
      fail(
        'out-of-memory',
        'This picture does not fit into the memory that Inlay may use.',
        plan.reason,
        `${plan.residentBytes + plan.activationBytes} of ${plan.budgetBytes} bytes`,
      )
    const stays =
      plan.verdict === 'resident' && plan.residentBytes + plan.activationBytes + BESIDE <= plan.budgetBytes
    const key = JSON.stringify([keyOf(recipe.model), plan.verdict, stays])
    if (this.opened?.key === key) return this.opened.models
    this.close()
    const models = new FluxModels(backend, await openSet(recipe.model), {
      residency: plan.verdict,
      keepTransformer: stays,
    })
    this.opened = { key, models }
    return models
  }

  /** Says how a recipe would run; loads nothing. */
  async plan(backend: Backend, recipe: Recipe, memoryBytes: number): Promise<Plan> {
    const models = new FluxModels(backend, await openSet(recipe.model))
    return planRecipe(models, recipe, {
      budgetBytes: memoryBytes,
      maxTensorBytes: backend.maxTensorBytes,
      speed: this.speed,
    })
  }

  close(): void {
    this.opened?.models.dispose()
    this.opened = null
  }
}

const openSet = (model: ModelRef) => openModelSet(model.parts, ({ hash }) => findInstalled(hash))

const keyOf = ({ parts }: ModelRef): string =>
  JSON.stringify(parts.map(({ family, hash, weight }) => [family, hash, weight]))
