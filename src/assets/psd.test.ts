import { describe, expect, it } from 'vitest'

import { decodeBytes } from '@/assets/decode'
import { checkPsd, encodePsd } from '@/assets/psd'
import { extractRecipe } from '@/assets/recipe'
import { fromXmp, toXmp } from '@/assets/xmp'
import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { readRecipe } from '@/schema/recipe'

import stored from '@/schema/fixtures/v1/recipe-place.json'

function gradient(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let i = 0; i < width * height; i++) data.set([i % 251, (i * 7) % 256, (i * 13) % 256, 255], 4 * i)
  return { width, height, data }
}

const FLAT = gradient(37, 23)
const document = (recipe: string | null) =>
  encodePsd(
    {
      ...{ width: 37, height: 23, grounded: 1, flat: FLAT },
      layers: [
        {
          ...{ name: 'Background', blend: 'normal', opacity: 1, visible: true },
          rect: { x: 0, y: 0, width: 37, height: 23 },
          image: gradient(37, 23),
        },
      ],
    },
    recipe,
    null,
  )

describe('a Photoshop document that comes back', () => {
  it('is its flat picture, to the bit, and says that the layers are not used', async () => {
    const { raster, notes, opaque } = await decodeBytes(document(null), 'back.psd')
    expect(raster).toEqual(FLAT)
    expect(opaque).toBe(true)
    expect(notes).toEqual([expect.stringContaining('flat picture')])
    expect(extractRecipe(document(null))).toBeNull()
  })

  it('brings the recipe that made it, whatever is written in that', () => {
    const read = readRecipe(stored)
    if (!read.ok) throw new Error(read.reason)
    const recipe = { ...read.value, prompt: `"Æ" & <evening> ' 夕` }
    expect(extractRecipe(document(JSON.stringify(recipe)))).toEqual(recipe)
    expect(() => extractRecipe(document('{"mode":'))).toThrow(InlayError)
    // As other programs write the property anew.
    const element = `<x xmlns:inlay="urn:inlay:1.0"><inlay:recipe>{&quot;a&quot;: &#x201c;&#8221;}</inlay:recipe></x>`
    expect(fromXmp(element)).toBe('{"a": “”}')
    expect(fromXmp(toXmp(null))).toBeNull()
  })

  it('is refused in words where it is of another kind, or damaged, wherever it is cut', async () => {
    const problem = async (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        await decodeBytes(bytes, 'x.psd')
      } catch (error) {
        if (error instanceof InlayError) return error.problem
        throw error
      }
      return null
    }
    const changed = (at: number, value: number) => {
      const bytes = document(null)
      new DataView(bytes.buffer, bytes.byteOffset).setUint16(at, value)
      return bytes
    }
    for (const [at, value] of [
      [4, 2],
      [22, 16],
      [24, 4],
    ])
      expect((await problem(changed(at, value)))?.message).toContain('not of 8-bit RGB')
    const whole = document('{}')
    for (let end = 26; end < whole.length; end += 97)
      expect((await problem(whole.slice(0, end)))?.code, `cut at ${end}`).toBe('bad-image')
    expect(extractRecipe(whole.slice(0, 60))).toBeNull()
  })
})

describe('what a Photoshop document cannot hold', () => {
  const problemOfStack = (width: number, height: number, layers: number, masked = false) => {
    try {
      checkPsd(
        { width, height },
        Array.from({ length: layers }, () => ({ width, height, masked })),
      )
      return null
    } catch (error) {
      return error instanceof InlayError ? error.problem : error
    }
  }

  it.each([
    [30_000, 100, 3, null],
    [30_001, 100, 1, 'image-too-large'],
    [10_000, 10_000, 2, null],
    [10_000, 10_000, 3, 'out-of-memory'],
    [10_000, 10_000, 5, 'image-too-large'],
  ])('%i × %i with %i whole layers', (width, height, layers, code) => {
    const problem = problemOfStack(width, height, layers)
    if (code === null) return expect(problem).toBeNull()
    expect(problem).toMatchObject({ code, hint: expect.stringContaining('PNG') as string })
  })

  it('masks take room too, more in memory than in the file', () => {
    expect(problemOfStack(10_000, 10_000, 1, true)).toBeNull()
    expect(problemOfStack(10_000, 10_000, 2)).toBeNull()
    expect(problemOfStack(10_000, 10_000, 2, true)).toMatchObject({ code: 'out-of-memory' })
    expect(problemOfStack(10_000, 10_000, 4, true)).toMatchObject({ code: 'image-too-large' })
  })
})
