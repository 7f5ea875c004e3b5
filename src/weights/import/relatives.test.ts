/** Relatives of a model fail when they are dropped, by name and reason. */
import { describe, expect, it } from 'vitest'

import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { groupFiles } from '@/weights/import/groups'
import { identify } from '@/weights/import/identify'
import { prepareImport } from '@/weights/import/importer'
import { bflFlux, clipText, diffusersFlux, originalVae, t5, type TestTensors } from '@/weights/testModels'
import { bflKlein, kleinVae, qwen3, QWEN3 } from '@/weights/testKlein'
import { sdUnet } from '@/weights/testSd'
import { FLUX, refusal, SMALL, source, use, zeros, type File } from '@/weights/import/testDrops'

const plain = (tensors: TestTensors): File => tensors
const having = (tensors: TestTensors, ...names: string[]): File => ({
  ...tensors,
  ...Object.fromEntries(names.map((name) => [name, zeros([2, 2])])),
})
/** Without a mark of its own it would be taken for FLUX.1. */
const KLEIN = bflKlein()
const without = (tensors: TestTensors, pattern: RegExp): TestTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => !pattern.test(name)))
const fluxTaking = (channels: number): File => ({
  ...bflFlux({ ...SMALL, image: 64 }),
  'img_in.weight': zeros([128, channels]),
})

describe('relatives of a model are refused by name', () => {
  it.each<[string, File, RegExp, string?]>([
    ['FLUX.1 Fill', fluxTaking(384), /FLUX\.1 Fill/],
    ['FLUX.1 Canny and Depth', fluxTaking(128), /FLUX\.1 Canny or Depth/],
    ['another FLUX with further channels', fluxTaking(96), /for other tokens/],
    [
      'Chroma',
      having(without(FLUX, /_mod\.|modulation/), 'distilled_guidance_layer.in_proj.weight'),
      /Chroma/,
    ],
    ['FLUX.2 [dev]', having(KLEIN, 'guidance_in.in_layer.weight'), /FLUX\.2 \[dev\]/],
    ['FLUX.2 [klein] 9B-KV', plain(KLEIN), /9B-KV/, 'flux-2-klein-9b-kv.safetensors'],
    ['FLUX.2 with layers of its own', having(KLEIN, 'double_blocks.0.img_extra.weight'), /not understood/],
    ['Qwen3-0.6B', plain(qwen3(20, { ...QWEN3, width: 1024 })), /Qwen3-0\.6B/],
    ['a ControlNet', having(diffusersFlux(FLUX), 'controlnet_x_embedder.weight'), /ControlNet/],
    [
      'an IP-Adapter',
      having(FLUX, 'double_blocks.0.processor.ip_adapter_double_stream_k_proj.weight'),
      /IP-Adapter/,
    ],
    ['PuLID', having({}, 'pulid_ca.0.to_q.weight'), /PuLID/],
    [
      'FLUX with layers of its own',
      having(FLUX, 'double_blocks.0.img_extra.weight'),
      /not understood: "double_blocks\.0\.img_extra\.weight"/,
    ],
    [
      'Stable Diffusion 3, diffusers',
      having(diffusersFlux(FLUX), 'pos_embed.proj.weight'),
      /Stable Diffusion 3/,
    ],
    ['Qwen-Image', having(diffusersFlux(FLUX), 'transformer_blocks.0.img_mod.1.weight'), /Qwen-Image/],
    ['HunyuanVideo', having(FLUX, 'txt_in.individual_token_refiner.weight'), /HunyuanVideo/],
    [
      'a U-Net of Stable Diffusion 1',
      plain(
        sdUnet({ channels: [64, 128], attention: [true, false], resnets: 2, contextDim: 768, inChannels: 4 }),
      ),
      /Stable Diffusion 1/,
    ],
    [
      'a U-Net of Stable Diffusion XL',
      plain(
        sdUnet({
          channels: [64, 128],
          attention: [true, false],
          resnets: 2,
          contextDim: 2048,
          inChannels: 4,
        }),
      ),
      /Stable Diffusion XL/,
    ],
    [
      'a U-Net for inpainting',
      plain(
        sdUnet({ channels: [64, 128], attention: [true, false], resnets: 2, contextDim: 64, inChannels: 9 }),
      ),
      /inpainting/,
    ],
    ['LCM', having(sdUnet(), 'time_embedding.cond_proj.weight'), /LCM/],
    ['motion modules', having(sdUnet(), 'down_blocks.0.motion_modules.0.norm.weight'), /motion module/],
    [
      "Stable Diffusion XL's autoencoder",
      plain(originalVae([32, 32], 4, 1)),
      /Stable Diffusion XL/,
      'sdxl_vae.safetensors',
    ],
    [
      "Stable Diffusion 3's autoencoder",
      plain(originalVae([32, 32], 16, 1)),
      /Stable Diffusion 3/,
      'sd3_vae.safetensors',
    ],
    ["Stable Diffusion XL's text encoder", plain(clipText(20, 1280, 1, 7)), /OpenCLIP-G/],
    ['CLIP ViT-B', plain(clipText(20, 512, 1, 7)), /CLIP ViT-B/],
    [
      'UMT5',
      having(t5(20, 16, 2, 2, 8, 24), 'encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight'),
      /UMT5/,
    ],
    ['a smaller T5', plain(t5(20, 512, 1, 2, 8, 24)), /T5 v1\.1 Small/],
    ['a language model', having({}, 'model.layers.0.mlp.gate_proj.weight'), /language model/],
  ])('%s', async (_, file, message, name) => {
    const problem = await refusal([source(file, name)])
    expect([problem.code, problem.message]).toEqual(['unsupported', expect.stringMatching(message)])
    expect(problem.hint).not.toBe('')
  })

  it("Stable Diffusion XL's autoencoder, by its config, whatever its name", async () => {
    const config = memoryBytes(new TextEncoder().encode('{"scaling_factor":0.13025}'), 'config.json')
    const problem = await refusal([source(plain(originalVae([32, 32], 4, 1))), config])
    expect(problem.message).toContain('Stable Diffusion XL')
  })

  it("FLUX.2 [klein]'s networks are taken, each for itself, and what is Base is told by its name", async () => {
    const identified = async (file: File, name: string) => {
      const found = await identify([source(file, name)])
      await use(found)
      return [found.family, found.base, found.description]
    }
    const words = (base: string) => `FLUX.2 [klein]${base} transformer, authors' layout, 1 + 2 blocks`
    expect(await identified(plain(KLEIN), 'flux-2-klein-4b.safetensors')).toEqual([
      'flux2Dit',
      'flux2',
      words(''),
    ])
    const [, , base] = await identified(plain(KLEIN), 'flux-2-klein-base-4b.safetensors')
    expect(base).toBe(words(' Base'))
    expect(await identified(plain(kleinVae()), 'flux2-vae.safetensors')).toEqual([
      'vae',
      'flux2',
      "Autoencoder, authors' layout, 32 latent channels",
    ])
    const large = await identify([source(plain(qwen3(20, { ...QWEN3, width: 4096, layers: 27 })))])
    expect(large.notes.join()).toContain('4B needs Qwen3-4B')
    expect(await identified(plain(qwen3(20)), 'qwen_3_4b.safetensors')).toEqual([
      'qwen3',
      'flux2',
      'Qwen3 text encoder, 27 layers of 32',
    ])
  })

  it('whether it is Base is asked where neither index nor name tells, and kept', async () => {
    const file = source(plain(KLEIN), 'diffusion_pytorch_model.safetensors')
    const distilled = async (files: ByteSource[], answer: number | null = null) => {
      const found = await identify(files, { answer })
      if (found.kind !== 'network') throw new Error(found.kind)
      const { id } = await prepareImport(found, 'q4')
      return { told: (found.layout.config as { distilled: boolean | null }).distilled, id, ...found }
    }
    const first = await distilled([file])
    expect([first.told, first.question?.answers.length]).toEqual([true, 2])
    const base = await distilled([file], 1)
    expect([base.told, base.description]).toEqual([false, expect.stringContaining('Base')])
    expect(base.id).not.toBe(first.id)
    const index = { _class_name: 'Flux2KleinPipeline', is_distilled: false }
    const json = memoryBytes(new TextEncoder().encode(JSON.stringify(index)), 'model_index.json')
    const [group, ...rest] = await groupFiles([json, file])
    expect(rest).toEqual([])
    const told = await distilled(group)
    expect([told.told, told.question]).toEqual([false, null])
  })

  it.each([
    ['flux1-kontext-dev.safetensors', 'FLUX.1 Kontext', FLUX],
    ['flux1-schnell.safetensors', 'FLUX.1 [schnell]', without(FLUX, /^guidance_in/)],
    ['x.safetensors', 'FLUX.1 [schnell] or a relative', without(FLUX, /^guidance_in/)],
  ])('%s is taken, and it is said what it seems to be', async (name, words, tensors) => {
    const found = await identify([source(plain(tensors), name)])
    expect(found.notes.join(' ')).toContain(`This seems to be ${words}`)
    await use(found)
  })
})
