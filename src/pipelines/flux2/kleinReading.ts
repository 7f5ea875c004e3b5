/** What Qwen3 gets to read of an instruction. */
import { openKleinSet } from '@/pipelines/flux2/kleinModel'
import { KLEIN_TEXT_TOKENS } from '@/pipelines/flux2/kleinText'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import type { ModelRef } from '@/schema/modelRef'
import { QwenTokenizer } from '@/text/qwenTokenizer'
import { countedReading, UNCOUNTED, type PromptReading } from '@/text/reading'

/** What is read, with what the chat template puts before it; nothing is said where no tokenizer is installed that could tell. */
export async function readingByKlein(
  { find, models }: EngineContext,
  model: ModelRef,
  instruction: string,
): Promise<PromptReading> {
  const pack = (await openKleinSet(model.parts, find)).tokenizer?.pack
  if (!pack) return UNCOUNTED
  const { tokenizer } = await models.always(`qwen tokenizer ${pack.hash}`, async () => ({
    tokenizer: QwenTokenizer.fromJson(await tokenizerJson(pack)),
    dispose: () => undefined,
  }))
  return countedReading(instruction, (text) => tokenizer.reach(text), KLEIN_TEXT_TOKENS, 'instruction')
}
