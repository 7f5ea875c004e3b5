import { fail } from '@/base/errors'
import { compose, COMPOSE_TEXT_TOKENS } from '@/pipelines/compose/compose'
import { composePrompt } from '@/pipelines/compose/referencePrep'
import { composeTypical, composeWork } from '@/pipelines/compose/work'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { unreadByT5 } from '@/pipelines/flux/unread'
import type { EngineMode } from '@/pipelines/shared/engineMode'
import { ADDED_TOKENS } from '@/text/dreamoTokens'

export const composeMode: EngineMode<'compose'> = {
  plan: (context, recipe) => planFluxRun(context, recipe.model, composeWork(recipe)),
  typical: composeTypical,
  unread: (context, { model, prompt, references }) =>
    unreadByT5(context, model, prompt, {
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
