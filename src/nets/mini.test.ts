import { describe, expect, it } from 'vitest'

import { applyGate, cleanPicture, gainOffset, patchify, wordIds } from '@/nets/mini'
import type { MiniConfig } from '@/schema/pack'

const config = (size: number, patch: number, mapReduction: number) =>
  ({ size, patch, mapReduction }) as MiniConfig

describe("Mini's head", () => {
  it.each([
    [32, 8, 1],
    [32, 8, 2],
    [48, 16, 4],
  ])('gives constant maps for constant windows: no seams (S %i, p %i, r %i)', (size, patch, reduction) => {
    const window = (2 * patch) / reduction
    const head = new Float32Array((size / patch) ** 2 * 6 * window * window)
    head.forEach((_, i) => (head[i] = Math.floor(i / (window * window)) % 6))
    const { gain, offset } = gainOffset(head, config(size, patch, reduction))
    gain.forEach((value, i) => expect(value).toBeCloseTo(Math.floor(i / (size * size)), 5))
    offset.forEach((value, i) => expect(value).toBeCloseTo(3 + Math.floor(i / (size * size)), 5))
  })

  it('starts from the paste', () => {
    const paste = Float32Array.of(-1, 0, 0.5)
    const none = new Float32Array(3)
    expect(cleanPicture(paste, { gain: none, offset: none })).toEqual(paste)
    expect(
      cleanPicture(Float32Array.of(0), { gain: Float32Array.of(1), offset: Float32Array.of(-0.25) })[0],
    ).toBe(0.5)
  })
})

describe('the gate', () => {
  it('removes what nobody could see and keeps what one can', () => {
    const size = 8
    const paste = new Float32Array(3 * 64)
    const gain = new Float32Array(3 * 64)
    const offset = new Float32Array(3 * 64).fill(1 / 255)
    offset[0] = 0.2
    applyGate(paste, { gain, offset }, size)
    expect(offset[0]).toBeCloseTo(0.2, 6)
    expect(offset[9]).toBeGreaterThan(0) // beside a visible change
    expect(offset[63]).toBe(0)
  })
})

it('cuts patches channel by channel, row by row', () => {
  const planar = Float32Array.from({ length: 2 * 16 }, (_, i) => i)
  expect([...patchify(planar, 4, 2)].slice(0, 16)).toEqual([
    0, 1, 4, 5, 16, 17, 20, 21, 2, 3, 6, 7, 18, 19, 22, 23,
  ])
})

it('turns prompts into word ids', () => {
  const words = ['<pad>', '<unk>', 'a', 'red', 'sphere']
  expect([...wordIds('A red, shiny SPHERE!', words, 6)]).toEqual([2, 3, 1, 4, 0, 0])
  expect([...wordIds('a a a', words, 2)]).toEqual([2, 2])
})
