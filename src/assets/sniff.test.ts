import { zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { readPngText } from '@/assets/pngText'
import { encodeChunk, encodeSignature } from '@/assets/pngChunks'
import { sniff } from '@/assets/sniff'
import { avif, bmp } from '@/assets/testFiles'
import { fromBase64 } from '@/assets/testImages'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (c) => c.charCodeAt(0))
const formatOf = (text: string): string | undefined => sniff(bytesOf(text))?.format

describe('sniff', () => {
  it('knows an SVG behind whatever may stand before it', () => {
    expect(formatOf('<svg xmlns="x"/>')).toBe('svg')
    expect(formatOf('<svg/>')).toBe('svg')
    expect(formatOf('\xef\xbb\xbf \n<?xml version="1.0"?><!-- a > b --><!DOCTYPE svg><svg\n>')).toBe('svg')
    expect(formatOf('<svg:svg xmlns:svg="x">')).toBe('svg')
    expect(formatOf('<!-- <svg> -->')).toBeUndefined()
    expect(formatOf('<!-- <svg>')).toBeUndefined()
    expect(formatOf('<html><svg></html>')).toBeUndefined()
  })

  it('reads hostile text once', () => {
    const parts = ['<!---->', '<?xml?>', '<!DOCTYPE>', '<!--', ' ', '<', '-->', '<!-- --><!-- ']
    const begin = performance.now()
    for (const part of parts) for (const end of ['', '<', '<svg', 'x']) formatOf(part.repeat(20_000) + end)
    expect(performance.now() - begin).toBeLessThan(20_000)
  })

  it('walks damaged headers to their end', () => {
    const heads = ['\xff\xd8\xff\xe1\0\0', 'GIF89a\0\0', 'RIFF\0\0\0\0WEBPVP8X', '\0\0\0\x20ftypavif', 'BM']
    const fills = [0, 0xff, 0x2c, 0x21]
    const begin = performance.now()
    for (const head of heads)
      for (const fill of fills) {
        const bytes = new Uint8Array(2_000_000).fill(fill)
        bytes.set(bytesOf(head))
        sniff(bytes)
      }
    expect(performance.now() - begin).toBeLessThan(20_000)
  })

  it('reads declared sizes without decoding', () => {
    expect(sniff(fromBase64(avif))?.size).toEqual({ width: 16, height: 16 })
    expect(sniff(fromBase64(bmp))?.size).toEqual({ width: 4, height: 3 })
  })
})

describe('readPngText', () => {
  it('inflates no more entries in vain than it would keep', () => {
    const bomb = encodeChunk('zTXt', Uint8Array.of(...bytesOf('b\0\0'), ...zlibSync(new Uint8Array(4 << 20))))
    const pieces = [encodeSignature(), ...Array.from({ length: 5000 }, () => bomb)]
    const file = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      file.set(piece, at)
      at += piece.length
    }
    const begin = performance.now()
    expect(readPngText(file)).toEqual({})
    expect(performance.now() - begin).toBeLessThan(20_000)
  })
})
