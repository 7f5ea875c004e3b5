/** The imported models that the engine has open: one set at a time, kept for the next picture where memory allows. */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import type { AlignModel } from '@/pipelines/alignModel'
import { planAlign, type AlignPlan } from '@/pipelines/alignPlan'
import { FluxModels, openModelSet } from '@/pipelines/fluxModel'
import { planRecipe, type DeviceFacts, type FluxRecipe } from '@/pipelines/fluxPlan'
import { openAlignSet } from '@/pipelines/modelSet'
import { SdModel } from '@/pipelines/sdModel'
import type { AlignSettings, ModelPart, ModelRef, Recipe } from '@/schema/recipe'
import { createPromptCache } from '@/storage/promptCache'
import { findInstalled } from '@/weights/installed'
import type { MemoryPlan } from '@/worker/protocol'

/** What a run may take where the page does not say. */
const DEFAULT_BUDGET = 8e9
/** The autoencoder at 1024 x 1024 and the encoders, which want room beside a transformer that stays. */
const BESIDE = 2e9

export class ImportedModels {
  readonly prompts = createPromptCache()
  /** What the probe has measured. */
  speed: DeviceFacts['speed'] = null
  private opened: { key: string; models: { dispose(): void } } | null = null

  /**
   * The networks of a recipe, planned for the memory there is.
   * @throws missing-asset naming the pack that is not installed; out-of-memory when not even streaming fits
   */
  async flux(backend: Backend, recipe: FluxRecipe, memoryBytes = DEFAULT_BUDGET): Promise<FluxModels> {
    const plan = await this.planFlux(backend, recipe, memoryBytes)
    assertFits(plan)
    const stays =
      plan.verdict === 'resident' && plan.residentBytes + plan.activationBytes + BESIDE <= plan.budgetBytes
    return this.keep(
      ['flux', ...keyOf(recipe.model), plan.verdict, stays],
      async () =>
        new FluxModels(backend, await openFluxSet(recipe.model), {
          residency: plan.verdict === 'stream' ? 'stream' : 'resident',
          keepTransformer: stays,
        }),
    )
  }

  /** Stable Diffusion's networks for Align. @throws as `flux` */
  async sd(
    backend: Backend,
    { model, align }: { model: ModelRef; align: AlignSettings },
    memoryBytes = DEFAULT_BUDGET,
  ): Promise<AlignModel> {
    const set = await openAlignSet(model.parts, find)
    const plan = planAlign(set, align, backend.name, memoryBytes)
    assertFits(plan)
    const { keepAll } = plan
    return this.keep(['sd', ...keyOf(model), keepAll], () =>
      Promise.resolve(new SdModel(backend, set, { keepAll })),
    )
  }

  /** Says how a recipe would run; loads nothing. */
  async plan(backend: Backend, recipe: Recipe, memoryBytes: number): Promise<MemoryPlan> {
    const { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason }: MemoryPlan =
      recipe.mode === 'align'
        ? await this.planSd(backend, recipe, memoryBytes)
        : await this.planFlux(backend, recipe, memoryBytes)
    return { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason }
  }

  close(): void {
    this.opened?.models.dispose()
    this.opened = null
  }

  private async planSd(
    backend: Backend,
    { model, align }: { model: ModelRef; align: AlignSettings },
    memoryBytes: number,
  ): Promise<AlignPlan> {
    return planAlign(await openAlignSet(model.parts, find), align, backend.name, memoryBytes)
  }

  private async planFlux(backend: Backend, recipe: FluxRecipe, memoryBytes: number) {
    const models = new FluxModels(backend, await openFluxSet(recipe.model))
    return planRecipe(models, recipe, {
      budgetBytes: memoryBytes,
      maxTensorBytes: backend.maxTensorBytes,
      speed: this.speed,
    })
  }

  private async keep<T extends { dispose(): void }>(
    parts: readonly unknown[],
    open: () => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify(parts)
    // A key begins with what kind of models it names.
    if (this.opened?.key === key) return this.opened.models as T
    this.close()
    const models = await open()
    this.opened = { key, models }
    return models
  }
}

function assertFits(plan: MemoryPlan): void {
  if (plan.verdict === 'too-large')
    fail(
      'out-of-memory',
      'This picture does not fit into the memory that Inlay may use.',
      plan.reason,
      `${plan.residentBytes + plan.activationBytes} of ${plan.budgetBytes} bytes`,
    )
}

const find = ({ hash }: ModelPart) => findInstalled(hash)

const openFluxSet = (model: ModelRef) => openModelSet(model.parts, find)

const keyOf = ({ parts }: ModelRef): unknown[] =>
  parts.map(({ family, hash, weight }) => [family, hash, weight])
