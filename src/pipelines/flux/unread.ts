/** What T5 does not read of a prompt. CLIP reads less still, but gives a single vector of it. */
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import { openModelSet } from '@/pipelines/flux/fluxModel'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import type { ModelRef } from '@/schema/modelRef'
import { T5Tokenizer } from '@/text/t5Tokenizer'
import { surelyRead, unreadWords } from '@/text/unread'

interface T5Reading {
  /** T5 tokens per prompt, its end among them. */
  length: number
  added?: readonly string[]
  /** What the encoder gets for a prompt. */
  sent?: (prompt: string) => string
}

/** How many of the prompt's last words are not read; 0 where no tokenizer is installed that could tell. */
export async function unreadByT5(
  { find, models }: EngineContext,
  model: ModelRef,
  prompt: string,
  { length, added = [], sent = (text) => text }: T5Reading,
): Promise<number> {
  const room = length - 1
  if (surelyRead(sent(prompt), room)) return 0
  const { t5Tokenizer: pack } = await openModelSet(model.parts, find)
  if (!pack) return 0
  const { tokenizer } = await models.always(`t5 tokenizer ${pack.hash} ${added.length}`, async () => ({
    tokenizer: T5Tokenizer.fromJson(await tokenizerJson(pack), added),
    dispose: () => undefined,
  }))
  return unreadWords(prompt, (text) => tokenizer.ids(sent(text)).length, room)
}
