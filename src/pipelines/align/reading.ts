/** What Align's text encoder reads of a prompt. */
import { openAlignSet } from '@/pipelines/align/alignSet'
import { readingByPainter } from '@/pipelines/painter/painterText'
import { openSdTokenizer, SD_TOKENS } from '@/pipelines/align/sdModel'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { ALIGN_PAINTER, type AlignRecipe } from '@/schema/modes/align'
import { countedReading, type PromptReading } from '@/text/reading'

export async function readingByAlign(
  { builtIn, find, models }: EngineContext,
  { prompt, model }: Pick<AlignRecipe, 'prompt' | 'model'>,
): Promise<PromptReading> {
  if (model.parts.length === 0) {
    const { manifest } = await builtIn(ALIGN_PAINTER)
    const { positions } = manifest.family === 'painter' ? manifest.config.text : manifest.config.scorer.text
    return readingByPainter(prompt, manifest.words, positions)
  }
  const { tokenizer: pack } = await openAlignSet(model.parts, find)
  const { tokenizer } = await models.always(`clip tokenizer ${pack.hash}`, async () => ({
    tokenizer: await openSdTokenizer(pack),
    dispose: () => undefined,
  }))
  // Begin and end of text take two.
  return countedReading(prompt, (text) => tokenizer.ids(text).length, SD_TOKENS - 2)
}
