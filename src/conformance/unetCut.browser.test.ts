/** A U-Net whose runs are too long is cut into its pictures: the same up to rounding, and nothing stays behind. */
import { afterEach, expect, test } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { GoldenCase, hostTensor } from '@/conformance/goldenCase'
import { evaluate, joined, unetConfig } from '@/conformance/unet'
import { Unet } from '@/nets/unet/unetRunner'
import { CanonicalSource } from '@/weights/formats/source'

let backend: Backend
afterEach(() => backend.dispose())

test.each(['cpu', 'webgpu'] as const)('on %s', { timeout: 240_000 }, async (name) => {
  ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
  const golden = await GoldenCase.open(new URL('./golden/', import.meta.url).href, 'sd-unet')
  const inputs = await golden.tensors('inputs.safetensors')
  const source = new CanonicalSource(await golden.tensors('weights.safetensors'))
  const net = await Unet.load(backend, unetConfig(golden.config), source)
  const { shape, data } = hostTensor(inputs, 'sample')
  const second = data.map((value) => -0.5 * value)
  const prompt = hostTensor(inputs, 'encoder_hidden_states').data
  const context = await net.context(joined(prompt, prompt), 2)
  const within = (runFlops: number): Promise<Float32Array> => {
    Object.defineProperty(backend, 'runFlops', { value: runFlops, configurable: true })
    return evaluate(net, joined(data, second), [2, ...shape.slice(1)], [500, 20], context)
  }
  const whole = await within(Infinity)
  backend.trim()
  const before = backend.memory().residentBytes
  const cut = await within(0)
  const off = cut.reduce((most, value, at) => Math.max(most, Math.abs(value - whole[at])), 0)
  // The processor's runtime adds up a product in an order that goes by its rows; its cut is always the same.
  expect(off).toBeLessThanOrEqual(name === 'webgpu' ? 0 : 5e-6)
  expect(whole.some((value) => value !== 0)).toBe(true)
  backend.trim()
  expect(backend.memory().residentBytes).toBe(before)
  context.dispose()
  net.dispose()
})
