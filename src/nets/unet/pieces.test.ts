/** What SD 2.1 gives a device at once, by arithmetic. */
import { expect, test } from 'vitest'

import { resnetGraph, unetSteps } from '@/nets/unet/unet'
import type { UnetConfig } from '@/schema/pack'

const SD21: UnetConfig = {
  channels: [320, 640, 1280, 1280],
  heads: [5, 10, 20, 20],
  resnets: 2,
  attention: [true, true, true, false],
  inChannels: 4,
  outChannels: 4,
  contextDim: 1024,
  groups: 32,
  prediction: 'v_prediction',
}
const TIME = { format: 'f32', rows: 320, cols: 1280, chunks: [320], bias: true, lora: false } as const

test('at 768 px no run of one picture is more than 75 GFLOP: 100 ms on 0.75 TFLOP/s, 0.3 s on a quarter', () => {
  const flops = (batch: number): number[] =>
    unetSteps(SD21).flatMap((step) => {
      if (step.kind !== 'resnet') return []
      const side = 96 / 2 ** step.level
      return [resnetGraph({ batch, rows: side, columns: side }, step, 32, TIME).flops]
    })
  expect(Math.max(...flops(1))).toBeGreaterThan(70e9)
  expect(Math.max(...flops(1))).toBeLessThan(75e9)
  // With guidance two pictures are one run, unless that is too long.
  expect(Math.max(...flops(2))).toBe(2 * Math.max(...flops(1)))
})
