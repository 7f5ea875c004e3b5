import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createLibrary } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import { createShelfStore } from '@/ui/stores/shelf'

class Bitmap {
  closed = false
  readonly width: number
  readonly height: number
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }
  close() {
    this.closed = true
  }
}

beforeEach(() => {
  vi.stubGlobal('createImageBitmap', (from: Bitmap, to: { resizeWidth: number; resizeHeight: number }) =>
    from.closed
      ? Promise.reject(new Error('closed'))
      : Promise.resolve(new Bitmap(to.resizeWidth, to.resizeHeight)),
  )
})
afterEach(() => vi.unstubAllGlobals())

const [WIDTH, HEIGHT] = [4000, 3000]
const asset = (at: number) => ({ hash: String(at), name: `${at}.png`, width: WIDTH, height: HEIGHT })
const picture = (at: number) =>
  ({
    asset: asset(at),
    bitmap: new Bitmap(WIDTH, HEIGHT),
    proxyScale: 1,
    content: null,
    dust: [],
    opaque: false,
    looks: {},
    mask: { width: 1, height: 1, alpha: new Uint8Array([255]) },
    thumbnail: new Blob([]),
  }) as unknown as PreparedPicture

function opened() {
  let [now, most] = [0, 0]
  const prepare = async ({ hash }: { hash: string }) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    return { ok: true, value: picture(Number(hash)) }
  }
  const library = createLibrary({ prepare } as unknown as Pixels, createShelfStore())
  const scale = (at: number) => library.drawables(String(at))?.proxyScale
  return { library, scale, atOnce: () => most }
}
const settled = () => new Promise((done) => setTimeout(done, 20))

it('reads one picture at a time, and draws 40 of 4,000 px from at most 320 MB', async () => {
  const { library, scale, atOnce } = opened()
  const shown = Array.from({ length: 40 }, (_, at) => at)
  library.load(shown.map(asset), () => expect.unreachable())
  await vi.waitFor(() => expect(scale(39)).toBeDefined())
  await settled()
  expect(atOnce()).toBe(1)
  expect(library.bytes()).toBeLessThanOrEqual(320e6)
  for (const at of shown) {
    expect((library.drawables(String(at))?.image as unknown as Bitmap).closed).toBe(false)
    expect(library.drawables(String(at))?.width).toBe(WIDTH)
    expect(scale(at)).toBeGreaterThanOrEqual(0.125)
  }
})

it('leaves a few as they are', async () => {
  const { library, scale } = opened()
  for (const at of [1, 2, 3, 4, 5, 6]) library.add(picture(at))
  await settled()
  expect([1, 2, 3, 4, 5, 6].map(scale)).toEqual([1, 1, 1, 1, 1, 1])
})

it('has the one that is worked on sharp again, and tells the canvas', async () => {
  const { library, scale } = opened()
  for (let at = 0; at < 20; at++) library.add(picture(at))
  await settled()
  expect(scale(0)).toBeLessThan(1)
  const heard = vi.fn()
  library.onDrawable(heard)
  library.sharpen(asset(0))
  await settled()
  expect(scale(0)).toBe(1)
  expect(heard).toHaveBeenCalled()
  expect(library.bytes()).toBeLessThanOrEqual(320e6)
  library.sharpen(asset(1))
  await settled()
  expect([scale(1), library.bytes() <= 320e6]).toEqual([1, true])
})
