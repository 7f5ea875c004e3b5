/** What of a prompt Qwen3 does not get to read. */
import { openKleinSet } from '@/pipelines/flux2/kleinModel'
import { KLEIN_TEXT_TOKENS } from '@/pipelines/flux2/kleinText'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import type { ModelRef } from '@/schema/modelRef'
import { QwenTokenizer } from '@/text/qwenTokenizer'
import { surelyRead, unreadWords } from '@/text/unread'

/** More than the chat template puts before a prompt. */
const TEMPLATE = 8

/** How many of the prompt's last words are not read; 0 where no tokenizer is installed that could tell. */
export async function unreadByKlein(
  { find, models }: EngineContext,
  model: ModelRef,
  prompt: string,
): Promise<number> {
  if (surelyRead(prompt, KLEIN_TEXT_TOKENS - TEMPLATE)) return 0
  const pack = (await openKleinSet(model.parts, find)).tokenizer?.pack
  if (!pack) return 0
  const { tokenizer } = await models.always(`qwen tokenizer ${pack.hash}`, async () => ({
    tokenizer: QwenTokenizer.fromJson(await tokenizerJson(pack)),
    dispose: () => undefined,
  }))
  return unreadWords(prompt, (text) => tokenizer.reach(text), KLEIN_TEXT_TOKENS)
}
