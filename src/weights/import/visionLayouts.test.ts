import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { dinoLayout, reduxLayout, siglipLayout, type VisionConfig } from '@/families/shared/vision'
import { networksIn, packWords } from '@/families/registry'
import { layoutSource } from '@/weights/formats/canonical'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { parseSafetensors } from '@/weights/formats/safetensors'
import { identify } from '@/weights/import/identify'
import { refusal, source, use } from '@/weights/import/testDrops'
import { clipText, fileOf, type TestTensors } from '@/weights/testModels'
import { dinov2, redux, siglip } from '@/weights/testVision'

const SIZES = { width: 64, layers: 2, mlp: 48, patch: 8, grid: 3 }
const checkpoint = (tensors: TestTensors, config?: unknown) => ({
  ...checkpointOf(parseSafetensors(fileOf(tensors, 'F32'), 'test')),
  json: config ? { 'config.json': config } : {},
})
const kindOf = async (tensors: TestTensors, name: string) => {
  const found = await identify([source(tensors, name)])
  await use(found)
  return [found.family, found.base, found.description]
}
const HEADS = { num_attention_heads: 4 }
const expected = (over: Partial<VisionConfig>): VisionConfig => ({
  ...{ width: 64, heads: 4, layers: 2, mlp: 48, patch: 8, grid: 3, epsilon: 1e-6 },
  ...{ activation: 'gelu', layerScale: false, classToken: false, registers: 0 },
  ...over,
})

describe("SigLIP's tower", () => {
  it('is known alone and beside its text tower, which CLIP is not', async () => {
    const alone = siglip(SIZES)
    const whole = { ...clipText(20), ...alone }
    for (const [tensors, name] of [
      [alone, 'sigclip_vision_patch14_384.safetensors'],
      [whole, 'model.safetensors'],
    ] as const)
      expect(await kindOf(tensors, name)).toEqual(['siglip', 'flux', 'SigLIP vision encoder, 2 layers of 64'])
    expect(networksIn(checkpoint(clipText(20)).entries)).toEqual(['clipText'])
    const { config } = siglipLayout(checkpoint(alone, { vision_config: HEADS }))
    expect(config).toEqual(expected({ activation: 'geluTanh' }))
  })

  it('without one of its tensors is refused by name', async () => {
    const { 'vision_model.post_layernorm.bias': _, ...broken } = siglip(SIZES)
    expect((await refusal([source(broken, 'x.safetensors')])).message).toContain('post_layernorm.bias')
  })
})

describe('DINO', () => {
  it.each([0, 3])('v2 with %d registers', async (registers) => {
    const tensors = dinov2(SIZES, registers)
    const words = registers > 0 ? ', with registers' : ''
    expect(await kindOf(tensors, 'model.safetensors')).toEqual([
      'dino',
      null,
      `DINOv2 vision encoder, 2 layers of 64${words}`,
    ])
    const { config } = dinoLayout(checkpoint(tensors, HEADS))
    expect(config).toEqual(expected({ classToken: true, layerScale: true, registers }))
  })

  it.each(['vision-dino1', 'vision-dinov2'])("%s: the authors' file under canonical names", async (name) => {
    const file = new URL(`../../conformance/golden/${name}/weights.safetensors.gz`, import.meta.url)
    const stored = parseSafetensors(new Uint8Array(gunzipSync(readFileSync(file))), name)
    const from = { ...checkpointOf(stored), json: { 'config.json': HEADS } }
    const layout = dinoLayout(from)
    const { width, grid, layerScale } = layout.config
    expect(layerScale).toBe(name === 'vision-dinov2')
    const read = layoutSource(from, layout.tensors)
    // A batch of one in the file.
    const positions = await read.tensor('embeddings.position_embedding.weight', [1 + grid ** 2, width])
    const bytes = stored.get('embeddings.position_embeddings')?.bytes ?? new Uint8Array(0)
    expect(new Uint8Array(positions.buffer)).toEqual(new Uint8Array(bytes))
  })

  it('in its giant size is refused', async () => {
    const giant = {
      ...dinov2(SIZES),
      'encoder.layer.0.mlp.weights_in.weight': { shape: [2, 2], data: new Float32Array(4) },
    }
    expect(await refusal([source(giant, 'model.safetensors')])).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('giant') as string,
    })
  })
})

it('Redux is a network of its own', async () => {
  const tensors = redux(64, 32)
  expect(await kindOf(tensors, 'flux1-redux-dev.safetensors')).toEqual([
    'redux',
    'flux',
    'FLUX.1 Redux, from 64 to 32',
  ])
  expect(reduxLayout(checkpoint(tensors)).config).toEqual({ vision: 64, text: 32 })
  expect(packWords({ family: 'redux', role: null, tokenizerOf: null, base: 'flux' })).toContain('Redux')
})
