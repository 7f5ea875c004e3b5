import { expect, it } from 'vitest'

import type { KnownPack } from '@/document/packs'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import { textReaders } from '@/ui/dialogs/models/readers'

const pack = (family: KnownPack['family'], textWidth: number, importedAt = 0): KnownPack => ({
  ...{
    family,
    textWidth,
    importedAt,
    name: `${family} ${textWidth}`,
    hash: `${family} ${textWidth} ${importedAt}`,
  },
  ...{ role: null, tokenizerOf: null, base: 'flux2', problem: null },
})
const texts = (width: number, count = KEPT_BEFOREHAND.length) =>
  KEPT_BEFOREHAND.slice(0, count).map((text) => ({ text, width, bytes: 1 }))

it('texts are counted for each size of klein by itself', () => {
  const installed = [pack('flux2Dit', 7680), pack('flux2Dit', 12288, 1), pack('qwen3', 7680), pack('vae', 0)]
  const seen = (kept: ReturnType<typeof texts>, packs = installed) =>
    textReaders(packs, kept).map(({ klein, encoder, missing }) => [
      klein?.textWidth,
      encoder?.textWidth,
      missing,
    ])
  const all = KEPT_BEFOREHAND.length
  expect(seen([...texts(7680), ...texts(12288, 2)])).toEqual([
    [7680, 7680, 0],
    [12288, undefined, all - 2],
  ])
  // An encoder alone, and two precisions of one model.
  expect(seen([], [pack('qwen3', 12288)])).toEqual([[undefined, 12288, all]])
  expect(seen(texts(7680), [pack('flux2Dit', 7680), pack('flux2Dit', 7680, 1)])).toEqual([
    [7680, undefined, 0],
  ])
  expect(textReaders([pack('flux2Dit', 7680), pack('flux2Dit', 7680, 1)], [])[0].klein?.importedAt).toBe(1)
  expect(seen(texts(7680), [pack('vae', 0)])).toEqual([])
})
