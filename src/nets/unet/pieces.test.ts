/** What SD 2.1 gives a device at once, by arithmetic. */
import { expect, test } from 'vitest'

import {
  attentionInGraph,
  attentionOutGraph,
  convGraph,
  crossInGraph,
  outGraph,
  resnetGraph,
  unetSteps,
  type Step,
} from '@/nets/unet/unet'
import type { LinearSpec } from '@/onnx/layers'
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

const linear = (rows: number, cols: number): LinearSpec => ({
  format: 'f32',
  rows,
  cols,
  chunks: [rows],
  bias: true,
  lora: false,
})
const TIME = linear(320, 1280)

/** Cells along a side at a level, of 96 for 768 px. */
const sideAt = (level: number): number => 96 / 2 ** level

/** Arithmetic of each run of a step. */
function runsOf(step: Step, batch: number): number[] {
  const side = sideAt(step.level)
  const grid = { batch, rows: side, columns: side }
  switch (step.kind) {
    case 'conv': {
      const to = { none: side, down: side / 2, up: 2 * side }[step.resample]
      return [convGraph(grid, step.cin, step.cout, step.resample, { rows: to, columns: to }).flops]
    }
    case 'resnet':
      return [resnetGraph(grid, step, SD21.groups, TIME).flops]
    case 'transformer': {
      const { channels } = step
      const square = linear(channels, channels)
      return [
        attentionInGraph(grid, SD21.groups, { proj_in: square, to_q: square, to_k: square, to_v: square }),
        crossInGraph(grid, { to_out: square, to_q: square }),
        attentionOutGraph(grid, {
          to_out: square,
          up: linear(8 * channels, channels),
          down: linear(channels, 4 * channels),
          proj_out: square,
        }),
      ].map(({ flops }) => flops)
    }
  }
}

const runs = (batch: number): number[] => [
  ...unetSteps(SD21).flatMap((step) => runsOf(step, batch)),
  outGraph({ batch, rows: 96, columns: 96 }, SD21.channels[0], SD21.outChannels, SD21.groups).flops,
]

// Attention itself is cut by its own kernels; the time's and the prompt's linears are next to nothing.
test('at 768 px no graph of one picture is more than 75 GFLOP: 100 ms on 0.75 TFLOP/s, 0.4 s on a quarter of that', () => {
  const one = runs(1)
  expect(Math.min(...one)).toBeGreaterThan(0)
  expect(Math.max(...one)).toBeGreaterThan(70e9)
  expect(Math.max(...one)).toBeLessThan(75e9)
  // With guidance two pictures are one run, unless that is too long.
  expect(runs(2)).toEqual(one.map((flops) => 2 * flops))
})

test('the largest upsampler at 768 px is nearly as much: 640 channels onto 96 x 96 cells', () => {
  const up = unetSteps(SD21).filter((step) => step.kind === 'conv' && step.resample === 'up')
  expect(Math.max(...up.flatMap((step) => runsOf(step, 1))) / 1e9).toBeCloseTo(68, 0)
})
