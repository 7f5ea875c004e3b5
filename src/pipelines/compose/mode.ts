import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { compose, COMPOSE_TEXT_TOKENS } from '@/pipelines/compose/compose'
import { composeKlein, composeKleinTypical, composeKleinWork } from '@/pipelines/compose/composeKlein'
import { composePrompt } from '@/pipelines/compose/referencePrep'
import { composeTypical, composeWork } from '@/pipelines/compose/work'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { unreadByT5 } from '@/pipelines/flux/unread'
import { unreadByKlein } from '@/pipelines/flux2/kleinUnread'
import { openKlein, planKlein } from '@/pipelines/flux2/openKlein'
import type { EngineMode, Finished, RunContext } from '@/pipelines/shared/engineMode'
import type { ComposeRecipe } from '@/schema/modes/compose'
import { ADDED_TOKENS } from '@/text/dreamoTokens'

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
  unread: (context, { model, prompt, references, klein }) =>
    klein
      ? unreadByKlein(context, model, klein.instruction)
      : unreadByT5(context, model, prompt, {
          length: COMPOSE_TEXT_TOKENS,
          added: ADDED_TOKENS,
          sent: (text) =>
            composePrompt(
              text,
              references.map(({ role }) => role),
            ),
        }),

  async run(context, recipe, references) {
    if (recipe.model.parts.length === 0)
      fail(
        'unsupported',
        'The built-in model was not trained to compose.',
        'Import FLUX and DreamO in the model manager.',
      )
    if (recipe.klein) return runKlein(context, recipe, references)
    const { prompts, onProgress, signal } = context
    const models = await openFlux(context, recipe.model, composeWork(recipe))
    const { image, seconds, maps } = await compose(
      models,
      { recipe, references },
      prompts,
      onProgress,
      signal,
    )
    return {
      image,
      report: maps,
      moves: maps ? [...maps.references, maps.text].map(({ buffer }) => buffer) : [],
      steps: recipe.compose.steps,
      seconds,
      modelHash: models.set.transformer.hash,
    }
  },
}
