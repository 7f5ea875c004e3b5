import type { Raster } from '@/base/geometry'
import { compose } from '@/pipelines/compose/compose'
import { COMPOSE_TEXT_TOKENS, fluxCompose } from '@/pipelines/compose/fluxCompose'
import { composeKlein, composeKleinTypical, composeKleinWork } from '@/pipelines/compose/composeKlein'
import type { ComposeModel } from '@/pipelines/compose/composeModel'
import { painterCompose, toldToPainter } from '@/pipelines/compose/painterCompose'
import { composePrompt } from '@/pipelines/compose/referencePrep'
import { composeTypical, composeWork } from '@/pipelines/compose/work'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { readingByT5 } from '@/pipelines/flux/reading'
import { readingByKlein } from '@/pipelines/flux2/kleinReading'
import { openKlein, planKlein } from '@/pipelines/flux2/openKlein'
import { openPainter2 } from '@/pipelines/painter/painterPictures'
import { readingByPainter } from '@/pipelines/painter/painterText'
import type { EngineMode, Finished, RunContext } from '@/pipelines/shared/engineMode'
import type { ComposeRecipe } from '@/schema/modes/compose'
import { ADDED_TOKENS } from '@/text/dreamoTokens'

/** The model that ships, or FLUX with DreamO from the user's packs. @throws missing-asset, bad-weights; out-of-memory */
async function openComposeModel(context: RunContext, recipe: ComposeRecipe): Promise<ComposeModel> {
  if (recipe.model.parts.length === 0) return painterCompose(await openPainter2(context))
  return fluxCompose(await openFlux(context, recipe.model, composeWork(recipe)), context.prompts)
}

async function runKlein(
  context: RunContext,
  recipe: ComposeRecipe,
  references: readonly Raster[],
): Promise<Finished<null>> {
  const { texts, onProgress, signal } = context
  const models = await openKlein(context, recipe.model, (isBase) => composeKleinWork(recipe, isBase))
  const { image, seconds } = await composeKlein(models, { recipe, references }, texts, onProgress, signal)
  const { hash } = models.set.transformer
  return { image, report: null, moves: [], steps: recipe.compose.steps, seconds, modelHash: hash }
}

export const composeMode: EngineMode<'compose'> = {
  plan: (context, recipe) =>
    recipe.klein
      ? planKlein(context, recipe.model, (isBase) => composeKleinWork(recipe, isBase))
      : planFluxRun(context, recipe.model, composeWork(recipe)),
  typical: (speed) => [...composeKleinTypical(speed), ...composeTypical(speed)],
  async reading(context, { model, prompt, references, klein }) {
    if (klein) return readingByKlein(context, model, klein.instruction)
    if (model.parts.length === 0) {
      const { config, words } = (await context.builtIn('painter2')).manifest
      return readingByPainter(toldToPainter(prompt), words, config.scorer.text.positions)
    }
    return readingByT5(context, model, prompt, {
      length: COMPOSE_TEXT_TOKENS,
      added: ADDED_TOKENS,
      sent: (text) =>
        composePrompt(
          text,
          references.map(({ role }) => role),
        ),
    })
  },

  async run(context, recipe, references) {
    if (recipe.klein) return runKlein(context, recipe, references)
    const { onProgress, signal } = context
    const model = await openComposeModel(context, recipe)
    const { image, seconds, maps } = await compose(model, { recipe, references }, onProgress, signal)
    return {
      image,
      report: maps,
      moves: maps ? [...maps.references, maps.text].map(({ buffer }) => buffer) : [],
      steps: recipe.compose.steps,
      seconds,
      modelHash: model.hash,
    }
  },
}
