/** Compose on FLUX with DreamO's adapters, whose reference pictures are prepared by their roles. */
import { macrotask } from '@/base/macrotask'
import { usesNegative, type ComposeModel } from '@/pipelines/compose/composeModel'
import { composePrompt, prepareReference } from '@/pipelines/compose/referencePrep'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import { fluxPictureModel } from '@/pipelines/flux/fluxPictureModel'
import { encodePicture, type FluxPicture } from '@/pipelines/flux/fluxPictures'
import { embedPrompts } from '@/pipelines/flux/prompt'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import { ADDED_TOKENS } from '@/text/dreamoTokens'
import { dreamoEmbeddings, placeholderRows } from '@/weights/lora/loraEmbeddings'

/** T5 tokens that DreamO was trained with. */
export const COMPOSE_TEXT_TOKENS = 512

/** @param cache prompts that were encoded before @throws bad-weights when VAE and transformer were not made for each other */
export function fluxCompose(models: FluxModels, cache: PromptCache | null): ComposeModel {
  const { transformer, vae } = models.set
  const { hidden, contextDim } = transformer.manifest.config
  const adapters = async () => (await models.adapters()).map(({ adapter }) => adapter)
  return {
    ...fluxPictureModel(models),
    referenceRows: async () => dreamoEmbeddings(await adapters(), hidden),
    async readTexts({ prompt, references, compose: settings }, onProgress, signal) {
      const rows = await placeholderRows(await adapters(), contextDim)
      const roles = references.map(({ role }) => role)
      const prompts = [composePrompt(prompt, roles)]
      if (usesNegative(settings)) prompts.push(settings.negativePrompt)
      const embedded = await embedPrompts(models, prompts, {
        length: COMPOSE_TEXT_TOKENS,
        added: rows && { rows, tokens: ADDED_TOKENS },
        cache,
        signal,
        onProgress,
      })
      return embedded.map(({ text, pooled }) => ({ context: text, pooled }))
    },
    async encode({ recipe, references }, onPart, signal) {
      if (references.length === 0) return []
      onPart(0, references.length)
      return models.withVae(['encoder'], async (net) => {
        const pictures: FluxPicture[] = []
        for (const [index, reference] of references.entries()) {
          await macrotask()
          signal.throwIfAborted()
          const { role, face } = recipe.references[index]
          const prepared = prepareReference(reference, role, face, recipe.compose.referenceSize)
          pictures.push(await encodePicture(net, vae.manifest.config, prepared.pixels, prepared, signal))
          onPart(pictures.length, references.length)
        }
        return pictures
      })
    },
  }
}
