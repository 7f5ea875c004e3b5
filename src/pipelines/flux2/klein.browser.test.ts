import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import type { ComposeJob } from '@/pipelines/compose/composeModel'
import { composeKlein } from '@/pipelines/compose/composeKlein'
import { kleinDenoise } from '@/pipelines/flux2/kleinDenoise'
import { KleinModels } from '@/pipelines/flux2/kleinModel'
import { kleinNoise } from '@/pipelines/flux2/kleinNoise'
import { embedKleinTexts, type KeptTexts } from '@/pipelines/flux2/kleinText'
import { kleinTexts } from '@/pipelines/flux2/kleinTexts'
import { CHANNELS, tinyKlein, WIDTH } from '@/pipelines/flux2/testKlein'
import type { DitOptions } from '@/pipelines/shared/ditModels'
import type { RunContext } from '@/pipelines/shared/engineMode'
import type { Progress } from '@/pipelines/shared/report'
import { pack, testPicture } from '@/pipelines/shared/testPacks'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import type { ModelPart } from '@/schema/modelRef'
import { INSTRUCTIONS } from '@/schema/modes/kleinWords'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { parseSafetensors, writeSafetensors } from '@/weights/formats/safetensors'
import { defaultCompose, type ComposeRecipe } from '@/schema/modes/compose'
import type { TextFeatures } from '@/weights/texts/keptTexts'

const runtimeUrl = new URL('/ort/', location.href).href

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

async function open(change: Parameters<typeof tinyKlein>[0] = {}, options: DitOptions = {}) {
  backend ??= (await createBackend('cpu', runtimeUrl)).backend
  return new KleinModels(backend, tinyKlein(change), options)
}

const resident = () => backend?.memory().residentBytes ?? -1

/** Keeps by text and makers, and forgets nothing. */
function memoryStore(): KeptTexts & { puts: number } {
  const table = new Map<string, TextFeatures>()
  const store = {
    puts: 0,
    get: (text: string, width: number, makers: object | null) =>
      Promise.resolve(table.get(JSON.stringify([text, width, makers])) ?? null),
    put: (text: string, width: number, makers: object, features: TextFeatures) => {
      store.puts++
      for (const by of [makers, null]) table.set(JSON.stringify([text, width, by]), features)
      return Promise.resolve()
    },
  }
  return store
}

describe('texts for klein', () => {
  it('are encoded once, kept in 16 bits, and needed no longer then is the encoder', async () => {
    const store = memoryStore()
    const models = await open()
    const [first, other] = await embedKleinTexts(models, ['a cup', 'a cat'], { store })
    expect([first.tokens, first.values.length]).toEqual([512, 512 * 2 * WIDTH])
    expect(other.values).not.toEqual(first.values)
    expect(first.values.every((value) => value === Math.f16round(value))).toBe(true)
    expect(resident()).toBe(0)
    const gone = await open({ encoder: null, tokenizer: null })
    expect(await embedKleinTexts(gone, ['a cup'], { store })).toEqual([first])
    expect(store.puts).toBe(2)
    await expect(embedKleinTexts(gone, ['a dog'], { store })).rejects.toMatchObject({
      problem: { code: 'missing-asset' },
    })
  })
})

describe('an adapter that brings its text', () => {
  it('needs no encoder for the built-in instructions, and takes no other text', async () => {
    const values = Float32Array.from({ length: 512 * 2 * WIDTH }, (_, i) => Math.sin(i))
    const tensors = {
      'diffusion_model.single_blocks.0.linear2.lora_A.weight': {
        shape: [2, 80],
        data: new Float32Array(160),
      },
      'diffusion_model.single_blocks.0.linear2.lora_B.weight': { shape: [32, 2], data: new Float32Array(64) },
      prompt_embeds: { shape: [1, 512, 2 * WIDTH], data: values },
    }
    const checkpoint = () =>
      Promise.resolve(checkpointOf(parseSafetensors(writeSafetensors(tensors), 'adapter')))
    const lora = pack('lora', { role: 'other', base: 'flux2', alpha: null, rank: 2 }, { checkpoint })
    const change = { encoder: null, tokenizer: null, adapters: [{ pack: lora, weight: 1 }] }
    const models = await open(change)
    const [text] = await embedKleinTexts(models, [INSTRUCTIONS[0]], { store: null })
    expect(text).toMatchObject({ tokens: 512, values })
    await models.transformer()
    models.dispose()
    await expect(embedKleinTexts(models, ['a dog'], { store: null })).rejects.toMatchObject({
      problem: { code: 'missing-asset' },
    })
  })
})

describe('texts that are kept beforehand', () => {
  it('are read once, tell how far they are, and need a text encoder that is there', async () => {
    const store = memoryStore()
    const models = await open()
    const { encoder, tokenizer } = models.set
    const packs = { qwen3: encoder?.pack ?? null, tokenizer: tokenizer?.pack ?? null }
    const context = (found: Partial<typeof packs>) =>
      ({
        backend: models.backend,
        find: ({ family }: ModelPart) => Promise.resolve(found[family as keyof typeof packs] ?? null),
        texts: store,
        signal: new AbortController().signal,
      }) as unknown as RunContext
    const parts = (['qwen3', 'tokenizer'] as const).map((family): ModelPart => ({
      family,
      name: family,
      hash: family,
      weight: 1,
    }))
    const seen: number[] = []
    const texts = ['a cup', 'a cat']
    for (let time = 0; time < 2; time++)
      await kleinTexts(context(packs), { parts, texts }, [], ({ done }) => void seen.push(done))
    expect(store.puts).toBe(2)
    // Layers of the first time, whole texts of the second.
    expect(seen).toEqual([0.5, 1, 1, 1.5, 2, 2, 1, 2])
    await expect(kleinTexts(context({}), { parts, texts }, [], () => undefined)).rejects.toMatchObject({
      problem: { code: 'missing-asset' },
    })
  })
})

describe('a picture on klein', () => {
  it('comes from references and noise, resident and streamed to the same bit, and leaves nothing behind', async () => {
    const size = { width: 48, height: 32 }
    const make = async (residency: 'resident' | 'stream') => {
      const models = await open({}, { residency })
      const [text] = await embedKleinTexts(models, ['a cup'], { store: null })
      const before = resident()
      const { picture, preview } = await models.withKleinVae(['encoder'], async (vae) => {
        const given = await vae.encode(signedPlanes(onWhite(testPicture(48, 32, 1))), size)
        return { picture: given, preview: vae.previews([given]) }
      })
      const dit = await models.transformer()
      const seen: unknown[] = []
      const job = { text, references: [picture.tokens], noise: kleinNoise('7', size, CHANNELS), steps: 2 }
      const tokens = await kleinDenoise(dit, job, {
        onStep: (_, x, velocity, sigma) =>
          seen.push(
            preview?.(
              x.map((value, i) => value - sigma * velocity[i]),
              size,
            ),
          ),
      })
      expect(seen).toMatchObject([
        { width: 6, height: 4 },
        { width: 6, height: 4 },
      ])
      const planes = await models.withKleinVae(['decoder'], (vae) => vae.decode(tokens, size))
      models.dispose()
      expect(resident()).toBe(before)
      return planes
    }
    const planes = await make('resident')
    expect(planes.length).toBe(3 * 48 * 32)
    expect(new Set(planes).size).toBeGreaterThan(1000)
    expect(await make('stream')).toEqual(planes)
  })
})

describe('Compose on klein', () => {
  const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 80, height: 64 }
  const reference = { asset, role: 'subject' as const, face: null }
  const job = (change: Partial<ComposeRecipe> = {}): ComposeJob => ({
    recipe: {
      schema: 2,
      mode: 'compose',
      model: { name: 'klein', hash: '', parts: [] },
      references: [reference, reference],
      prompt: 'a cup',
      seed: '7',
      compose: { ...defaultCompose(), width: 256, height: 272, steps: 2, referenceSize: 256 },
      klein: { instruction: 'a cup like image 1' },
      ...change,
    },
    references: [testPicture(80, 64, 1), testPicture(80, 64, 2, true)],
  })

  it('makes a picture of instruction and references, tells how far it is, and stops where it is told to', async () => {
    const models = await open()
    const before = resident()
    const events: Progress[] = []
    const signal = new AbortController().signal
    const { image } = await composeKlein(models, job(), null, (event) => events.push(event), signal)
    expect([image.width, image.height]).toEqual([256, 272])
    expect(new Set(image.data).size).toBeGreaterThan(20)
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event] : []))
    expect(steps.map(({ step }) => step)).toEqual([1, 2])
    expect(steps[1].preview?.image).toMatchObject({ width: 32, height: 34 })
    const other = { ...job(), references: [testPicture(80, 64, 3), testPicture(80, 64, 2, true)] }
    const again = await composeKlein(models, other, null, () => undefined, signal)
    expect(again.image).not.toEqual(image)
    const abort = new AbortController()
    const stop = (event: Progress) => void (event.kind === 'step' && abort.abort())
    await expect(composeKlein(models, job(), null, stop, abort.signal)).rejects.toThrow(/abort/i)
    const small = { ...job(), references: [testPicture(80, 20, 1), testPicture(80, 64, 2)] }
    await expect(composeKlein(models, small, null, () => undefined, signal)).rejects.toMatchObject({
      problem: { code: 'bad-image' },
    })
    expect(resident()).toBe(before)
  })
})
