/** For which models texts are kept: FLUX.2 [klein] of two sizes reads what encoders of two widths make. */
import { findPack, isOfKind, type KnownPack } from '@/document/packs'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import type { KeptText } from '@/worker/protocol'

/** The models of one text width. */
export interface TextReader<P extends KnownPack> {
  klein: P | null
  encoder: P | null
  /** How many of the built-in texts are not kept. */
  missing: number
}

/** One reader per text width that is installed, in the order in which the manager lists packs. */
export function textReaders<P extends KnownPack>(
  installed: readonly P[],
  texts: readonly KeptText[],
): TextReader<P>[] {
  const readers = installed.filter(
    (pack) => pack.problem === null && (isOfKind(pack, 'klein') || isOfKind(pack, 'qwen3')),
  )
  const widths = [...new Set(readers.map(({ textWidth }) => textWidth))]
  return widths.map((width) => {
    const own = readers.filter(({ textWidth }) => textWidth === width)
    const kept = new Set(texts.filter((one) => one.width === width).map(({ text }) => text))
    return {
      klein: findPack(own, 'klein'),
      encoder: findPack(own, 'qwen3'),
      missing: KEPT_BEFOREHAND.filter((text) => !kept.has(text)).length,
    }
  })
}
