/** What was made of a background of 16 bits a channel, as PNG of as many. */
import { changeDeep } from '@/assets/deep'
import { decodePng, encodePng } from '@/assets/png'
import { decodePngDeep } from '@/assets/pngDecode'
import { readPngText } from '@/assets/pngText'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * What was made of a background, over the background's own 16 bits; its texts, the recipe among them, go along.
 * @param made as PNG of 8 bits
 * @param background its PNG of 16 bits
 * @throws missing-asset without one, unsupported where the sizes differ, cancelled when `signal` fires
 */
export async function deepened(made: Bytes, background: Blob | null, signal: AbortSignal): Promise<Blob> {
  const goOn = () => {
    if (signal.aborted)
      fail('cancelled', 'The picture was not written.', 'Export it again whenever you like.')
  }
  if (!background)
    fail('missing-asset', 'The background’s 16 bits are no longer stored.', 'Export the picture with 8.')
  const after = await decodePng(made)
  goOn()
  const deep = await decodePngDeep(new Uint8Array(await background.arrayBuffer()))
  if (deep.width !== after.width || deep.height !== after.height)
    fail(
      'unsupported',
      'This picture is not as large as its background, whose 16 bits it would have.',
      'Export it with 8 bits a channel.',
    )
  goOn()
  changeDeep(deep, after)
  goOn()
  const file = await encodePng(deep, readPngText(made))
  goOn()
  return new Blob([file], { type: 'image/png' })
}

/** A picture over the 16 bits of what it was made of, as PNG; null where that is of another size. */
export async function deepOver(ground: Blob, picture: Raster): Promise<Blob | null> {
  const deep = await decodePngDeep(new Uint8Array(await ground.arrayBuffer()))
  if (deep.width !== picture.width || deep.height !== picture.height) return null
  changeDeep(deep, picture)
  return new Blob([await encodePng(deep)], { type: 'image/png' })
}
