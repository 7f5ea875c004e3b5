import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'

import { decodeWithBitmap, decodeWithImageDecoder } from '@/assets/browserDecode'
import { decodeImage, type Decoded } from '@/assets/decode'
import { encodePng } from '@/assets/png'
import { encodeChunk, encodeSignature } from '@/assets/pngChunks'
import { ALPHAS, alphaWebp, animatedGif, animatedWebp, avif, bmp, cmykJpeg } from '@/assets/testFiles'
import { greyJpeg, orientedJpeg, orientedWebp, tiff } from '@/assets/testFiles'
import { at, fromBase64, paint, randomRaster } from '@/assets/testImages'

const decode = (bytes: BlobPart, name = 'test'): Promise<Decoded> => decodeImage(new Blob([bytes]), name)

async function problemWith(bytes: BlobPart): Promise<string> {
  try {
    await decode(bytes, 'bad')
  } catch (error) {
    if (error instanceof InlayError) return `${error.problem.code}: ${error.problem.message}`
    throw error
  }
  return 'no error'
}

const near = (actual: number[], expected: number[], tolerance: number): void =>
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i] - value), `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance),
  )

describe('decodeImage', () => {
  it('reads PNG exactly', async () => {
    const r = randomRaster(31, 17, 4)
    expect(await decode(await encodePng(r), 'a.png')).toEqual({
      raster: r,
      name: 'a.png',
      opaque: false,
      deep: false,
      notes: [],
    })
  })

  it('keeps straight alpha of other formats exactly', async () => {
    const expected = paint(8, 4, (x, y) => [x * 30 + 7, y * 60 + 3, 200 - x * 20, ALPHAS[x]])
    const bytes = fromBase64(alphaWebp)
    expect((await decodeWithBitmap(bytes, 'image/webp', true)).data).toEqual(expected.data)
    // The last resort only keeps it where alpha is 255.
    near(at(await decodeWithImageDecoder(bytes, 'image/webp'), 0, 2), at(expected, 0, 2), 0)
    expect((await decode(bytes)).raster).toEqual(expected)
  })

  it('turns JPEG and WebP upright', async () => {
    for (const file of [orientedJpeg, orientedWebp]) {
      const { raster, opaque, notes } = await decode(fromBase64(file))
      expect([raster.width, raster.height, opaque, notes]).toEqual([16, 32, true, []])
      near(at(raster, 8, 5), [254, 0, 0, 255], 2)
      near(at(raster, 8, 27), [0, 0, 254, 255], 2)
    }
  })

  it('decodes JPEG the same by either way', async () => {
    const bytes = fromBase64(orientedJpeg)
    const canvas = await decodeWithBitmap(bytes, 'image/jpeg', false)
    const { raster } = await decode(bytes)
    near(at(canvas, 8, 5), at(raster, 8, 5), 3)
    expect([canvas.width, canvas.height]).toEqual([16, 32])
  })

  it('reads grey JPEG, BMP and AVIF', async () => {
    near(at((await decode(fromBase64(greyJpeg))).raster, 3, 3), [100, 100, 100, 255], 1)
    near(at((await decode(fromBase64(bmp))).raster, 3, 2), [10, 20, 30, 255], 0)
    near(at((await decode(fromBase64(avif))).raster, 3, 3), [200, 40, 60, 255], 4)
  })

  it('takes the first frame of an animation and says so', async () => {
    for (const file of [animatedGif, animatedWebp]) {
      const { raster, notes } = await decode(fromBase64(file))
      expect([raster.width, raster.height]).toEqual([8, 8])
      near(at(raster, 4, 4), [255, 0, 0, 255], 1)
      expect(notes).toEqual(['This picture is animated; its first frame is used.'])
    }
  })

  it('reads a CMYK JPEG with a note', async () => {
    const { raster, notes } = await decode(fromBase64(cmykJpeg))
    const [red, green, blue] = at(raster, 3, 8)
    expect(red).toBeLessThan(80)
    expect(Math.min(green, blue)).toBeGreaterThan(120)
    expect(at(raster, 12, 8)[2]).toBeLessThan(120)
    expect(notes[0]).toMatch(/CMYK/)
  })

  it('reads a picture 12,000 pixels wide', async () => {
    const r = paint(12000, 30, (x) => [x >> 6, 50, 60, 255])
    const { raster, notes } = await decode(await encodePng(r))
    expect([raster.width, raster.height, notes]).toEqual([12000, 30, []])
    expect(at(raster, 11999, 29)).toEqual([187, 50, 60, 255])
  })

  it('scales a huge picture down to working size, in PNG and JPEG', async () => {
    const canvas = new OffscreenCanvas(12000, 4000)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.fillStyle = 'rgb(200, 100, 50)'
    context.fillRect(0, 0, 12000, 4000)
    for (const type of ['image/png', 'image/jpeg']) {
      const blob = await canvas.convertToBlob({ type })
      const begin = performance.now()
      const { raster, notes } = await decodeImage(blob, 'huge')
      console.info(`decoding ${type} of 48 megapixels: ${Math.round(performance.now() - begin)} ms`)
      expect(raster.width * raster.height).toBeLessThanOrEqual(40_000_000)
      expect(raster.width / raster.height).toBeCloseTo(3, 2)
      near(at(raster, 5000, 2000), [200, 100, 50, 255], 2)
      expect(notes[0]).toMatch(/^Scaled down from 12000 × 4000/)
    }
  })

  it('says what is wrong with a bad file', async () => {
    const jpeg = fromBase64(orientedJpeg)
    const png = await encodePng(randomRaster(20, 20, 1))
    expect(await problemWith('hello, I am a text')).toBe('bad-image: “bad” is not a picture that we know.')
    expect(await problemWith('')).toBe('bad-image: “bad” is empty.')
    expect(await problemWith(png.slice(0, 60))).toBe('bad-image: This PNG is damaged or ends too early.')
    expect(await problemWith(jpeg.slice(0, 300))).toBe('bad-image: “bad” ends too early.')
    expect(await problemWith(fromBase64(animatedGif).slice(0, 20))).toMatch(/^bad-image: “bad” is damaged/)
    expect(await problemWith(fromBase64(tiff))).toBe('bad-image: “bad” is a TIFF file.')
    expect(await problemWith('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')).toMatch(/SVG/)
  })

  it('refuses pictures without pixels and pictures that are too large, before decoding them', async () => {
    const header = (width: number, height: number): Uint8Array<ArrayBuffer> => {
      const data = new Uint8Array(13)
      const view = new DataView(data.buffer)
      view.setUint32(0, width)
      view.setUint32(4, height)
      data.set([8, 6, 0, 0, 0], 8)
      return Uint8Array.of(...encodeSignature(), ...encodeChunk('IHDR', data))
    }
    expect(await problemWith(header(0, 0))).toBe('bad-image: This picture has no pixels.')
    expect(await problemWith(header(16385, 10))).toBe(
      'image-too-large: “bad” is too large. It has 16385 × 10 pixels.',
    )
    expect(await problemWith(header(12000, 12000))).toMatch(/^image-too-large/)
    const jpeg = fromBase64(orientedJpeg)
    const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0)
    const empty = jpeg.slice()
    empty.fill(0, frame + 5, frame + 9)
    expect(await problemWith(empty)).toBe('bad-image: “bad” has no pixels.')
    const large = jpeg.slice()
    large.fill(0xff, frame + 5, frame + 9)
    expect(await problemWith(large)).toMatch(/^image-too-large: .* 65535 × 65535/)
    const gif = fromBase64(animatedGif).slice()
    gif.fill(0, 6, 10)
    expect(await problemWith(gif)).toMatch(/^bad-image/)
  })

  it('works in a worker', async () => {
    const worker = new Worker(new URL('./testWorker.ts', import.meta.url), { type: 'module' })
    try {
      const answer = await new Promise<number[]>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<number[]>) => resolve(data)
        worker.onerror = (event) => reject(new Error(event.message))
        worker.postMessage(new Blob([fromBase64(alphaWebp)]))
      })
      expect(answer).toEqual([8, 4, 7, 3, 200, 255])
    } finally {
      worker.terminate()
    }
  })
})
