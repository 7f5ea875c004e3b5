import { beforeEach, expect, it, vi } from 'vitest'

import { createLibrary } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import { createShelfStore } from '@/ui/stores/shelf'

/** Bytes of all bitmaps that are not closed, now and at the most. */
const live = { now: 0, most: 0 }

class Bitmap {
  closed = false
  readonly width: number
  readonly height: number
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    live.now += width * height * 4
    live.most = Math.max(live.most, live.now)
  }
  close() {
    if (!this.closed) live.now -= this.width * this.height * 4
    this.closed = true
  }
}

beforeEach(() => void Object.assign(live, { now: 0, most: 0 }))

const [WIDTH, HEIGHT] = [4000, 3000]
/** Four levels, down to 500 px. */
const levels = () => [1, 2, 4, 8].map((by) => new Bitmap(WIDTH / by, HEIGHT / by))
const WHOLE = WIDTH * HEIGHT * 4 * (1 + 1 / 4 + 1 / 16 + 1 / 64)
const asset = (at: number) => ({ hash: String(at), name: `${at}.png`, width: WIDTH, height: HEIGHT })
const picture = (at: number) =>
  ({
    asset: asset(at),
    levels: levels(),
    content: null,
    dust: [],
    opaque: false,
    looks: {},
    mask: { width: 1, height: 1, alpha: new Uint8Array([255]) },
    thumbnail: new Blob([]),
  }) as unknown as PreparedPicture

function opened() {
  let [now, most] = [0, 0]
  const read: string[] = []
  const prepare = async ({ hash }: { hash: string }) => {
    read.push(hash)
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    return { ok: true, value: picture(Number(hash)) }
  }
  const library = createLibrary({ prepare } as unknown as Pixels, createShelfStore())
  const scale = (at: number) => {
    const picture = library.drawables(String(at))
    return picture && picture.levels[0].width / WIDTH
  }
  return { library, scale, read, atOnce: () => most }
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
  // Beside them one that has just been read.
  expect(live.most).toBeLessThanOrEqual(320e6 + WHOLE)
  expect(live.now).toBe(library.bytes())
  for (const at of shown) {
    expect(library.drawables(String(at))?.levels.some((level) => (level as unknown as Bitmap).closed)).toBe(
      false,
    )
    expect(library.drawables(String(at))?.width).toBe(WIDTH)
    expect(scale(at)).toBeGreaterThanOrEqual(0.125)
  }
})

it('leaves a few as they are', async () => {
  const { library, scale } = opened()
  for (const at of [1, 2, 3, 4, 5]) library.add(picture(at))
  await settled()
  expect([1, 2, 3, 4, 5].map(scale)).toEqual([1, 1, 1, 1, 1])
})

it('has the one that is worked on sharp again, and tells the canvas', async () => {
  const { library, scale } = opened()
  for (let at = 0; at < 20; at++) library.add(picture(at))
  await settled()
  expect(scale(0)).toBeLessThan(1)
  const heard = vi.fn()
  library.onDrawable(heard)
  library.prefer(['0'])
  await settled()
  expect(scale(0)).toBe(1)
  expect(heard).toHaveBeenCalled()
  expect(library.bytes()).toBeLessThanOrEqual(320e6)
  library.prefer(['1'])
  await settled()
  expect([scale(1), library.bytes() <= 320e6]).toEqual([1, true])
})

it('spares what is preferred from the start: layers give way before it', async () => {
  const { library, scale, read } = opened()
  const shown = Array.from({ length: 30 }, (_, at) => at)
  // A selected layer, a staged result and the background, which are read early, late and first.
  library.prefer(['7', '29', '0'])
  library.load(shown.map(asset), () => expect.unreachable())
  library.retain(new Set(shown.map(String)))
  await vi.waitFor(() => expect(scale(29)).toBeDefined())
  await settled()
  expect([7, 29, 0].map(scale)).toEqual([1, 1, 1])
  expect(read.filter((hash) => ['7', '29', '0'].includes(hash))).toHaveLength(3)
  expect(library.bytes()).toBeLessThanOrEqual(320e6)
})

it('has all sharp again once heavy ones are out of use, which give way instead', async () => {
  const { library, scale, read } = opened()
  const shown = Array.from({ length: 12 }, (_, at) => at)
  library.load(shown.map(asset), () => expect.unreachable())
  library.retain(new Set(shown.map(String)))
  await vi.waitFor(() => expect(scale(11)).toBeDefined())
  await settled()
  expect(shown.every((at) => scale(at) === 1)).toBe(false)
  const rest = shown.slice(0, 4)
  library.retain(new Set(rest.map(String)))
  await settled()
  expect(rest.map(scale)).toEqual(rest.map(() => 1))
  expect(library.bytes()).toBeLessThanOrEqual(320e6)
  const reads = read.length
  // Nothing is read over and over.
  library.retain(new Set(rest.map(String)))
  await settled()
  expect(read).toHaveLength(reads)
  expect(live.now).toBe(library.bytes())
})

it('forgets without a trace, and the rest has its room', async () => {
  const { library, scale } = opened()
  const shown = Array.from({ length: 7 }, (_, at) => at)
  library.load(shown.map(asset), () => expect.unreachable())
  library.retain(new Set(shown.map(String)))
  await vi.waitFor(() => expect(scale(6)).toBeDefined())
  await settled()
  for (const at of [5, 6]) library.forget(String(at))
  await settled()
  expect(shown.map(scale)).toEqual([1, 1, 1, 1, 1, null, null])
  expect(live.now).toBe(library.bytes())
})
