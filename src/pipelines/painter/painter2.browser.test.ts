/** Painter 2's networks against PyTorch on a tiny pack, on both backends (training/painter/fixture.py writes both). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { composeDenoise, type ComposeScene } from '@/pipelines/compose/composeDenoise'
import { mixDenoise } from '@/pipelines/mix/mixDenoise'
import { slerp } from '@/pipelines/mix/slerp'
import { Painter2 } from '@/pipelines/painter/painter2'
import { packLatent, unpackLatent } from '@/pipelines/shared/latents'
import { flowSigmas } from '@/samplers/flowMatch'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { openPack, readPack } from '@/weights/packs/pack'

const runtimeUrl = new URL('/ort/', location.href).href
const folder = new URL('/src/pipelines/fixtures/painter2-tiny/', location.href).href

const PROMPT = 'A red owl, lying'
/** A picture of 3 x 1 tokens; a reference of 2 x 2; what is sampled has 3 x 3. */
const ODD = { width: 16, height: 48 }
const SQUARE = { width: 32, height: 32 }
const GRID = { rows: 3, columns: 3 }
const CHANNELS = 4
/** Unshifted. */
const SIGMAS = flowSigmas(3, { kind: 'none' })

let expected: Map<string, Float32Array>

beforeAll(async () => {
  const bytes = new Uint8Array(await (await fetch(`${folder}cases.safetensors`)).arrayBuffer())
  expected = new Map([...parseSafetensors(bytes, 'cases')].map(([name, one]) => [name, toFloat32(one)]))
})

const of = (name: string): Float32Array => expected.get(name) ?? new Float32Array()

/** Sums in another order; a reference in another's place moves what is sampled by 300 times as much. */
const ROUNDING = 5e-5

function expectNear(found: Float32Array, name: string): void {
  const wanted = of(name)
  expect(found.length).toBe(wanted.length)
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0)
  expect(worst, name).toBeLessThan(ROUNDING)
}

describe.each(['cpu', 'webgpu'] as const)('Painter 2 on %s', (name) => {
  let backend: Backend
  let painter: Painter2

  beforeAll(async () => {
    backend = (await createBackend(name, runtimeUrl)).backend
    const pack = await openPack(folder, 'painter2')
    painter = new Painter2(backend, pack.manifest, pack.hash, await readPack(pack, () => undefined))
  }, 120_000)

  afterAll(async () => {
    painter.dispose()
    await backend.dispose()
  })

  it('sees, reads and paints what PyTorch does', async () => {
    const latent = await painter.encode(of('odd'), ODD)
    expectNear(latent, 'latent')
    expectNear(await painter.decode(latent, 6, 2), 'decoded')

    const seen = await painter.look(of('odd'), ODD)
    expectNear(seen.tokens, 'tokens')
    expectNear(seen.feature, 'shown')
    const read = await painter.read(PROMPT)
    expectNear(read.context, 'context')
    expectNear(read.feature, 'told')

    const words = await painter.asWords(seen)
    expectNear(words, 'words')
    const square = await painter.look(of('square'), SQUARE)
    const width = words.length / 3
    const others = (await painter.asWords(square)).slice(0, words.length)
    expectNear(slerp(words, others, width, 0.4, 'released').tokens, 'mixed')

    const dit = await painter.transformer()
    const noise = packLatent(of('noise'), CHANNELS, 6, 6)
    const both = new Float32Array([...words, ...others])
    const steps = Array.from(SIGMAS.subarray(0, -1), (from, i) => ({
      label: from,
      from,
      to: SIGMAS[i + 1],
      guidance: 3,
    }))
    const mixed = await mixDenoise(dit, { tokens: both, pooled: new Float32Array() }, GRID, noise, steps)
    expectNear(unpackLatent(mixed, CHANNELS, 6, 6), 'of_words')

    const reference = packLatent(await painter.encode(of('square'), SQUARE), CHANNELS, 4, 4)
    const tokens = [3, 2, 1, 0].map((token) => reference.subarray(16 * token, 16 * token + 16))
    const other = Float32Array.from(tokens.flatMap((values) => Array.from(values, (value) => -2 * value)))
    const scene: ComposeScene = {
      ...GRID,
      text: { context: read.context, pooled: new Float32Array() },
      references: [reference, other].map((values, i) => ({
        tokens: values,
        rows: 2,
        columns: 2,
        slot: i + 1,
      })),
      embeddings: await painter.referenceRows(),
    }
    const sampling = { sigmas: SIGMAS, guidance: 2, firstStepGuidance: 0, negative: null }
    const composed = await composeDenoise(dit, scene, noise, sampling)
    expectNear(unpackLatent(composed, CHANNELS, 6, 6), 'of_references')
    const alone = { ...scene, references: [], embeddings: null }
    expectNear(unpackLatent(await composeDenoise(dit, alone, noise, sampling), CHANNELS, 6, 6), 'of_text')
  }, 300_000)
})
