/** What T5 reads of a prompt. CLIP reads less, but gives a single vector of it. */
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import { openModelSet } from '@/pipelines/flux/fluxModel'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import type { ModelRef } from '@/schema/modelRef'
import { T5Tokenizer } from '@/text/t5Tokenizer'
import { countedReading, UNCOUNTED, type PromptReading } from '@/text/reading'

interface T5Text {
  /** T5 tokens per prompt, its end among them. */
  length: number
  added?: readonly string[]
  /** What the encoder gets for a prompt. */
  sent?: (prompt: string) => string
}

/** What is read of a prompt; nothing is said where no tokenizer is installed that could tell. */
export async function readingByT5(
  { find, models }: EngineContext,
  model: ModelRef,
  prompt: string,
  { length, added = [], sent = (text) => text }: T5Text,
): Promise<PromptReading> {
  const { t5Tokenizer: pack } = await openModelSet(model.parts, find)
  if (!pack) return UNCOUNTED
  const { tokenizer } = await models.always(`t5 tokenizer ${pack.hash} ${added.length}`, async () => ({
    tokenizer: T5Tokenizer.fromJson(await tokenizerJson(pack), added),
    dispose: () => undefined,
  }))
  return countedReading(prompt, (text) => tokenizer.ids(sent(text)).length, length - 1)
}
