import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { FAMILIES } from '@/families/registry'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { memoryBytes } from '@/weights/formats/bytes'
import { importModel, importParts, type ImportOptions } from '@/weights/import/importer'
import { inspectFiles } from '@/weights/import/inspect'
import { listInstalled, openInstalled } from '@/weights/packs/installed'
import { openAdapter, withAdapters } from '@/weights/lora/lora'
import { clearModels, fileOf, loraPair, type TestTensors } from '@/weights/testModels'
import { clipModel, sdSingleFile, sdUnet } from '@/weights/testSd'

const OPTIONS: ImportOptions = {
  precision: 'f16',
  name: '',
  role: null,
  limits: { chunk: 60_000, shard: 300_000 },
}
const NAME = 'v2-1_512-ema-pruned.safetensors'

beforeEach(clearModels)
afterEach(clearModels)

const rounded = (values: Float32Array): number[] => [...f16ToF32(f32ToF16(values))]

describe('a single file of Stable Diffusion', () => {
  const tensors = sdSingleFile()
  const file = new File([fileOf(tensors, 'F32')], NAME)

  it('is offered in three parts, each of which becomes a pack of its own', async () => {
    const found = await inspectFiles([file])
    expect(
      found.map(({ files, found: one }) => [files, one.ok && [one.value.family, one.value.part]]),
    ).toEqual(['unet', 'vae', 'clipText'].map((family) => [[file], [family, family]]))
    const [unet, vae, text] = found.map(({ found: one }) => (one.ok ? one.value : null)!)
    expect(Object.keys(unet.packBytes)).toEqual(['q4', 'q8', 'f16'])
    // The suggested one comes first.
    expect(Object.keys(text.packBytes)).toEqual(['f16', 'q8'])
    expect(vae.base).toBe('sd2')

    const source = [memoryBytes(fileOf(tensors, 'F32'), NAME)]
    for (const { part } of [unet, vae, text]) await importModel(source, { ...OPTIONS, part })
    const installed = await listInstalled()
    expect(installed.map(({ family, name, base }) => [family, name, base]).sort()).toEqual([
      ['clipText', 'v2-1_512-ema-pruned, text encoder', 'sd2'],
      ['unet', 'v2-1_512-ema-pruned, U-Net', 'sd2'],
      ['vae', 'v2-1_512-ema-pruned, autoencoder', 'sd2'],
    ])
    expect(installed.every(({ problem }) => problem === null)).toBe(true)
  })

  it('keeps every number of its parts', async () => {
    const models = await importParts([memoryBytes(fileOf(tensors, 'F32'), NAME)], { ...OPTIONS, name: 'SD' })
    expect(models.map(({ name }) => name)).toEqual(['SD, U-Net', 'SD, autoencoder', 'SD, text encoder'])
    const [unet, vae, text] = await Promise.all(
      models.map(async ({ id }) => (await openInstalled(id)).source()),
    )
    const canonical = sdUnet()
    for (const name of [
      'up_blocks.1.attentions.2.transformer_blocks.0.attn2.to_k',
      'mid_block.attentions.0.proj_in',
    ]) {
      const { shape, data } = canonical[`${name}.weight`]
      const linear = await unet.linear(name, shape[0], shape[1])
      expect([linear.format, linear.bias === null]).toEqual(['f16', name.endsWith('to_k')])
      const found = linear.chunks.flatMap(({ weight }) => [...f16ToF32(weight as Uint16Array)])
      expect(found).toEqual(rounded(data))
    }
    const conv = canonical['up_blocks.0.upsamplers.0.conv.weight']
    expect([...(await unet.tensor('up_blocks.0.upsamplers.0.conv.weight', conv.shape))]).toEqual([
      ...conv.data,
    ])
    const quant = tensors['first_stage_model.post_quant_conv.weight']
    expect(await vae.tensor('post_quant_conv.weight', quant.shape)).toEqual(quant.data)
    const stacked = tensors['cond_stage_model.model.transformer.resblocks.1.attn.in_proj_bias'].data
    const key = await text.linear('text_model.encoder.layers.1.self_attn.k_proj', 64, 64)
    expect(key.bias).toEqual(stacked.slice(64, 128))
    expect(text.has('text_model.encoder.layers.2.mlp.fc1.weight')).toBe(false)
  })

  it('is another model under a name that says something else', async () => {
    const bytes = fileOf(tensors, 'F32')
    const import_ = (name: string) => importModel([memoryBytes(bytes, name)], { ...OPTIONS, part: 'unet' })
    const [plain, turbo, again] = [
      await import_(NAME),
      await import_('sd_turbo.safetensors'),
      await import_('copy.safetensors'),
    ]
    expect(turbo.id).not.toBe(plain.id)
    expect(again.id).toBe(plain.id)
    const { manifest } = await openInstalled(turbo.id)
    expect(manifest.family === 'unet' && manifest.config.fewSteps).toBe(true)
  })
})

it('a CLIP of both towers becomes a scorer', async () => {
  const tensors = clipModel(20, 64, 2, { width: 128, layers: 2, grid: 3, patch: 2 })
  const model = await importModel([memoryBytes(fileOf(tensors, 'F32'), 'model.safetensors')], {
    ...OPTIONS,
    part: 'clip',
  })
  expect([model.family, model.base]).toEqual(['clip', null])
  const source = (await openInstalled(model.id)).source()
  const { shape, data } = tensors['vision_model.embeddings.class_embedding']
  expect(await source.tensor('vision_model.embeddings.class_embedding', shape)).toEqual(data)
  const projection = await source.linear('visual_projection', 24, 128)
  expect(projection.bias).toBeNull()
})

it('a downloaded CLIP whose text encoder no mode reads with is a scorer alone', async () => {
  const tensors = clipModel(20, 512, 1, { width: 128, layers: 1, grid: 3, patch: 2 })
  const file = memoryBytes(fileOf(tensors, 'F32'), 'ViT-B-32.safetensors')
  const models = await importParts([file], OPTIONS)
  expect(models.map(({ family }) => family)).toEqual(['clip'])
  expect((await listInstalled()).map(({ family, problem }) => [family, problem])).toEqual([['clip', null]])
})

it('a LoRA for the U-Net is kept, its base with it, and changes the pack that it is laid on', async () => {
  const module = 'mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
  const lora: TestTensors = {}
  loraPair(lora, `unet.${module}.lora_A.weight`, `unet.${module}.lora_B.weight`, 128, 128)
  const [adapter, unet] = [
    await importModel([memoryBytes(fileOf(lora, 'F32'), 'dreamo.safetensors')], {
      ...OPTIONS,
      role: 'dreamo',
    }),
    await importModel([memoryBytes(fileOf(sdUnet(), 'F32'), 'unet.safetensors')], {
      ...OPTIONS,
      precision: 'q4',
    }),
  ]
  // A role of FLUX's modes would put it where it cannot work.
  expect([adapter.family, adapter.base, adapter.role]).toEqual(['lora', 'sd2', 'other'])
  const pack = await openInstalled(adapter.id)
  const opened = await openAdapter(await pack.checkpoint(), null, FAMILIES.sd2)
  const source = withAdapters((await openInstalled(unet.id)).source(), [{ adapter: opened, weight: 0.5 }])
  const linear = await source.linear(module, 128, 128)
  expect([linear.format, linear.lora?.rank]).toEqual(['q4', 4])
  expect([...linear.lora!.b]).toEqual([
    ...lora[`unet.${module}.lora_B.weight`].data.map((value) => 0.5 * value),
  ])
})
