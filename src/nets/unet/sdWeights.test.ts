/** What the importer calls the parameters of Stable Diffusion and CLIP is what the networks ask for, at their real sizes. */
import { describe, expect, it } from 'vitest'

import { clipVisionParameters } from '@/nets/encoders/clipVision'
import type { ParameterNames } from '@/nets/parameterSet'
import { unetParameters } from '@/nets/unet/unet'
import { unetFlops } from '@/nets/unet/unetMemory'
import type { ClipVisionConfig, UnetConfig } from '@/schema/pack'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import type { TensorEntry } from '@/weights/formats/tensorEntry'
import { clipLayout } from '@/families/shared/clip'
import { planImport } from '@/weights/import/importPlan'
import { checkLayout } from '@/weights/formats/canonical'
import { unetLayout } from '@/families/sd2/unet'

/** specs: D-Fusion §2. */
const SD: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  channels: [320, 640, 1280, 1280],
  heads: [5, 10, 20, 20],
  attention: [true, true, true, false],
  resnets: 2,
  contextDim: 1024,
  groups: 32,
  prediction: 'epsilon',
}
/** specs: encoders §6. */
const H14: ClipVisionConfig = {
  width: 1280,
  heads: 16,
  layers: 32,
  mlp: 5120,
  image: 224,
  patch: 14,
  activation: 'gelu',
  projection: 1024,
}

/** Linears of the U-Net's attention have no bias before their softmax. */
const hasBias = (name: string): boolean => !/to_[qkv]$|^(?:visual|text)_projection$/.test(name)

const shapesOf = ({ linears, tensors }: ParameterNames): Map<string, readonly number[]> =>
  new Map([
    ...linears.flatMap(([name, rows, cols]): [string, readonly number[]][] => [
      [`${name}.weight`, [rows, cols]],
      ...(hasBias(name) ? [[`${name}.bias`, [rows]] as [string, number[]]] : []),
    ]),
    ...tensors,
  ])

/** A checkpoint's table without its numbers. */
const tableOf = (shapes: ReadonlyMap<string, readonly number[]>): Checkpoint => ({
  entries: new Map([...shapes].map(([name, shape]) => [name, { dtype: 'F16', shape } as TensorEntry])),
  metadata: {},
  json: {},
})

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

describe('the U-Net of Stable Diffusion 2.1', () => {
  it('costs what the specification counts, 0.80 TFLOP on 64 x 64 and 77 tokens', () => {
    expect(unetFlops(SD, 64, 64, 77) / 1e12).toBeCloseTo(0.804, 2)
  })

  const shapes = shapesOf(unetParameters(SD))
  const layout = unetLayout(tableOf(shapes), [])

  it('has its config from its shapes, and every parameter once', () => {
    expect(layout.config).toEqual({ ...SD, fewSteps: false })
    checkLayout(tableOf(shapes), layout)
    expect([...layout.tensors.keys()].sort()).toEqual([...shapes.keys()].sort())
    for (const [name, { shape }] of layout.tensors) expect(shape).toEqual(shapes.get(name))
    expect([...shapes.values()].reduce((sum, shape) => sum + size(shape), 0)).toBe(865_910_724)
  })

  it.each([
    ['q4', 1.33, 1.34],
    ['q8', 1.46, 1.47],
    ['f16', 1.73, 1.74],
  ] as const)('takes what docs/models.md says at %s', (precision, least, most) => {
    const plan = planImport(layout, precision)
    expect(plan.parameters).toBe(865_910_724)
    expect(plan.bytes / 1e9).toBeGreaterThan(least)
    expect(plan.bytes / 1e9).toBeLessThan(most)
    const formats = new Set(Object.values(plan.tensors).map(({ format }) => format))
    expect(formats).toEqual(
      new Set({ q4: ['q4', 'q8', 'f16', 'f32'], q8: ['q8', 'f16', 'f32'], f16: ['f16', 'f32'] }[precision]),
    )
  })
})

describe('CLIP ViT-H/14', () => {
  it('has every parameter that its vision tower asks for', () => {
    const vision = shapesOf(clipVisionParameters(H14))
    const text: [string, readonly number[]][] = [
      ['text_model.embeddings.token_embedding.weight', [49408, 1024]],
      ['text_model.embeddings.position_embedding.weight', [77, 1024]],
      ['text_model.encoder.layers.23.mlp.fc1.weight', [4096, 1024]],
      ['text_model.encoder.layers.0.mlp.fc1.weight', [4096, 1024]],
      ['text_projection.weight', [1024, 1024]],
    ]
    const layout = clipLayout(tableOf(new Map([...vision, ...text])))
    expect(layout.config.vision).toEqual(H14)
    expect(layout.config.text).toMatchObject({ layers: 24, heads: 16, activation: 'gelu', projection: 1024 })
    const named = [...layout.tensors.keys()].filter((name) => /^vis/.test(name))
    expect(named.sort()).toEqual([...vision.keys()].sort())
    for (const [name, shape] of vision) expect(layout.tensors.get(name)?.shape).toEqual(shape)
    expect([...vision.values()].reduce((sum, shape) => sum + size(shape), 0)).toBe(632_076_800)
  })
})
