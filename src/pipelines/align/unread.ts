/** What Align's text encoder does not read of a prompt. */
import { openAlignSet } from '@/pipelines/align/alignSet'
import { unreadByPainter } from '@/pipelines/painter/painterText'
import { openSdTokenizer, SD_TOKENS } from '@/pipelines/align/sdModel'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import type { AlignRecipe } from '@/schema/modes/align'
import { surelyRead, unreadWords } from '@/text/unread'

/** How many of the prompt's last words are not read. */
export async function unreadByAlign(
  { builtIn, find, models }: EngineContext,
  { prompt, model }: Pick<AlignRecipe, 'prompt' | 'model'>,
): Promise<number> {
  if (model.parts.length === 0) {
    const { config, words } = (await builtIn('painter')).manifest
    return unreadByPainter(prompt, words, config.text.positions)
  }
  // Begin and end of text take two.
  const room = SD_TOKENS - 2
  if (surelyRead(prompt, room)) return 0
  const { tokenizer: pack } = await openAlignSet(model.parts, find)
  const { tokenizer } = await models.always(`clip tokenizer ${pack.hash}`, async () => ({
    tokenizer: await openSdTokenizer(pack),
    dispose: () => undefined,
  }))
  return unreadWords(prompt, (text) => tokenizer.ids(text).length, room)
}
