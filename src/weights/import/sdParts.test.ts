import { describe, expect, it } from 'vitest'

import { problemOf, type Problem } from '@/base/errors'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { groupFiles } from '@/weights/import/groups'
import { identify, partsOf } from '@/weights/import/identify'
import type { NetworkFamily } from '@/families/registry'
import { bflFlux, clipText, fileOf, jsonFile, t5, type TestTensors } from '@/weights/testModels'
import { clipModel, compVisNames, renamed, sdSingleFile, sdUnet, sdVae, UNET } from '@/weights/testSd'

const file = (name: string, tensors: TestTensors, dtype: 'F16' | 'F32' = 'F16'): ByteSource =>
  memoryBytes(fileOf(tensors, dtype), name)
const json = (name: string, value: unknown): ByteSource => memoryBytes(jsonFile(value), name)

async function refusal(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    return problemOf(error)
  }
  throw new Error('expected a problem')
}

/** What every part of the files is. */
async function described(...files: ByteSource[]) {
  const parts = await partsOf(files)
  const found = await Promise.all(parts.map((part) => identify(files, { part })))
  return found.map(({ family, name, description, base }) => ({ family, name, description, base }))
}

const clipJson = json('config.json', {
  architectures: ['CLIPModel'],
  text_config: { hidden_act: 'gelu' },
  vision_config: { num_attention_heads: 6, hidden_act: 'gelu' },
})

describe('a single file of Stable Diffusion', () => {
  it.each(['cond_stage_model.model.', 'conditioner.embedders.0.model.'])(
    'with its text at "%s" holds three parts',
    async (prefix) => {
      expect(await described(file('v2-1_512-ema-pruned.safetensors', sdSingleFile(prefix)))).toEqual([
        {
          family: 'unet',
          name: 'v2-1_512-ema-pruned, U-Net',
          description: "Stable Diffusion 2 U-Net, authors' layout, predicts noise",
          base: 'sd2',
        },
        {
          family: 'vae',
          name: 'v2-1_512-ema-pruned, autoencoder',
          description: "Autoencoder, authors' layout, 4 latent channels",
          base: 'sd2',
        },
        {
          family: 'clipText',
          name: 'v2-1_512-ema-pruned, text encoder',
          description: 'CLIP text encoder, 2 layers of 64',
          base: 'sd2',
        },
      ])
    },
  )

  it('has its kind from its name; without a part named, the U-Net is meant', async () => {
    const found = await identify([file('sd_turbo.safetensors', sdSingleFile())])
    expect([found.family, found.description]).toEqual([
      'unet',
      "Stable Diffusion 2 U-Net, authors' layout, predicts noise, few steps",
    ])
  })

  it.each([
    ['Stable Diffusion 1', { ...UNET, contextDim: 768 }],
    ['Stable Diffusion XL', { ...UNET, contextDim: 2048 }],
  ])('of %s is refused as a whole', async (words, size) => {
    const names = compVisNames(size)
    const tensors = {
      ...renamed(sdUnet(size), (name) => `model.diffusion_model.${names(name)}`),
      ...renamed(sdVae(), (name) => `first_stage_model.${name}`),
    }
    const problem = await refusal(partsOf([file('model.safetensors', tensors)]))
    expect([problem.code, problem.message]).toEqual([
      'unsupported',
      `This is a U-Net of ${words}, which Align cannot run.`,
    ])
    expect(problem.hint).toContain('2.1-base')
  })

  it('that is cut off or lacks a tensor says so for the part that it concerns', async () => {
    const whole = fileOf(sdSingleFile(), 'F16')
    const cut = memoryBytes(whole.slice(0, whole.length - 100), 'cut.safetensors')
    expect((await refusal(partsOf([cut]))).code).toBe('bad-weights')
    const { 'first_stage_model.quant_conv.bias': _, ...lacking } = sdSingleFile()
    const files = [file('x.safetensors', lacking)]
    expect((await refusal(identify(files, { part: 'vae' }))).message).toContain('quant_conv.bias')
    expect((await identify(files, { part: 'unet' })).family).toBe('unet')
  })
})

describe('files with several networks', () => {
  it('CLIP with both towers is a scorer and a text encoder', async () => {
    const found = await described(file('model.safetensors', clipModel()), clipJson)
    expect(found.map(({ family, description }) => [family, description])).toEqual([
      ['clip', 'CLIP for scores, text 2 layers of 64, pictures 2 of 96'],
      ['clipText', 'CLIP text encoder, 2 layers of 64'],
    ])
  })

  it('FLUX with its encoders in one file is offered in parts too', async () => {
    const size = {
      hidden: 128,
      headDim: 128,
      mlp: 128,
      image: 8,
      context: 8,
      vector: 8,
      double: 1,
      single: 1,
    }
    const tensors = {
      ...renamed(bflFlux(size), (name) => `model.diffusion_model.${name}`),
      ...renamed(clipText(20, 64, 1, 7), (name) => `text_encoders.clip_l.transformer.${name}`),
      ...renamed(t5(20, 16, 1, 2, 8, 24), (name) => `text_encoders.t5xxl.transformer.${name}`),
    }
    const families = (await described(file('flux.safetensors', tensors))).map(({ family }) => family)
    expect(families).toEqual(['fluxDit', 'clipText', 't5'] satisfies NetworkFamily[])
  })

  it('a file with one network has no parts', async () => {
    expect(await partsOf([file('vae.safetensors', sdVae())])).toEqual([])
    expect(await partsOf([file('unet.safetensors', sdUnet())])).toEqual([])
    expect(await partsOf([json('tokenizer.json', {})])).toEqual([])
  })
})

describe("a drop of diffusers' folders", () => {
  const tokenizer = json('tokenizer.json', { model: { type: 'BPE', vocab: {}, end_of_word_suffix: '</w>' } })
  const folders = [
    json('model_index.json', { _class_name: 'StableDiffusionPipeline' }),
    json('scheduler_config.json', { _class_name: 'PNDMScheduler', prediction_type: 'v_prediction' }),
    json('config.json', { _class_name: 'UNet2DConditionModel', attention_head_dim: [2, 4] }),
    file('diffusion_pytorch_model.safetensors', sdUnet()),
    json('config.json', { _class_name: 'AutoencoderKL', scaling_factor: 0.18215 }),
    file('diffusion_pytorch_model.safetensors', sdVae()),
    json('config.json', {
      architectures: ['CLIPTextModel'],
      model_type: 'clip_text_model',
      num_attention_heads: 4,
    }),
    file('model.safetensors', clipText(20, 64, 2, 7)),
    tokenizer,
  ]

  it('gives every model its configs, the U-Net its scheduler’s too', async () => {
    const groups = await groupFiles(folders)
    const found = await Promise.all(groups.map((group) => identify(group)))
    expect(found.map(({ family }) => family).sort()).toEqual(['clipText', 'tokenizer', 'unet', 'vae'])
    const of = (family: string) => {
      const one = found.find((each) => each.family === family)
      return one?.kind === 'network' ? one.layout.config : null
    }
    expect(of('unet')).toMatchObject({ heads: [2, 4], prediction: 'v_prediction' })
    expect(of('clipText')).toMatchObject({ heads: 4, layers: 2 })
  })

  it('gives the one scheduler to both precisions of a U-Net, two schedulers to nobody', async () => {
    const half = file('diffusion_pytorch_model.fp16.safetensors', sdUnet())
    const predictions = async (files: ByteSource[]) => {
      const groups = await groupFiles(files)
      const found = await Promise.all(groups.map((group) => identify(group)))
      return found.flatMap((one) =>
        one.kind === 'network' && one.family === 'unet'
          ? [(one.layout.config as { prediction: string }).prediction]
          : [],
      )
    }
    expect(await predictions([...folders, half])).toEqual(['v_prediction', 'v_prediction'])
    const [, scheduler] = folders
    const unets = [half, file('other.safetensors', sdUnet())]
    expect(
      await predictions([
        ...unets,
        scheduler,
        json('scheduler_config.json', { _class_name: 'DDIMScheduler' }),
      ]),
    ).toEqual(['epsilon', 'epsilon'])
  })

  it('gives a CLIP of both towers its own config', async () => {
    const groups = await groupFiles([file('model.safetensors', clipModel()), clipJson])
    expect(groups).toHaveLength(1)
    const found = await identify(groups[0])
    expect(found.kind === 'network' && found.layout.config).toMatchObject({ vision: { heads: 6 } })
  })
})
