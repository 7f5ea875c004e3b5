import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { EngineClient } from '@/engine/client'
import { followPhoto } from '@/app/place/photoLight'
import type { Pixels } from '@/app/pixels/client'
import { setPrompt, setSetting } from '@/document/commands'
import { setLightSource, setScene } from '@/document/place/commands'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { defaultPlaceScene, type PhotoScene } from '@/schema/modes/place'
import { createRunStore } from '@/ui/stores/run'
import type { ExtraJob } from '@/worker/protocol'

/** A reading that names the seed it was made with. */
function readingAt(seed: string): PhotoScene {
  const { camera, lights, ground } = defaultPlaceScene()
  return { camera, ground, lights: [{ ...lights[0], azimuthDegrees: Number(seed) }] }
}

function studio() {
  const background = { hash: 'b'.repeat(64), name: 'b', width: 40, height: 30 }
  const empty = emptyDocument('d')
  const document = createDocumentStore({ ...empty, background, settings: { ...empty.settings, seed: '7' } })
  const run = createRunStore()
  const asked: string[] = []
  const state = { broken: false }
  const engine = {
    extra: ((job, onEvent) => {
      if (job.kind !== 'scene') return
      const { seed, others, prompt } = (job as ExtraJob<'scene'>).recipe
      const seeds = [seed, ...(others ?? [])]
      for (const one of seeds) asked.push(`${one} ${prompt}`.trim())
      if (state.broken) {
        onEvent({ kind: 'failed', problem: { code: 'hash-mismatch', message: 'Damaged.', hint: 'Again.' } })
        return
      }
      for (const one of seeds) onEvent({ kind: 'item', item: readingAt(one) as never })
      onEvent({ kind: 'done', seconds: 0 })
    }) as EngineClient['extra'],
  }
  const pixels = { raster: () => Promise.resolve({ ok: true, value: { width: 1, height: 1 } }) }
  const photo = followPhoto({
    document,
    run,
    pixels: pixels as unknown as Pixels,
    engine: engine as EngineClient,
  })
  run.setState({ engine: { kind: 'ready', info: {} as never } })
  const azimuth = () => document.getState().document.scene.lights[0].azimuthDegrees
  const source = () => document.getState().document.scene.source
  return { document, photo, state, asked, azimuth, source, settle: () => vi.advanceTimersByTimeAsync(1000) }
}

describe('a document that follows its photo', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('has the light that the photo says, which is no step of its own', async () => {
    const { document, asked, azimuth, settle } = studio()
    const { revision } = document.getState()
    await settle()
    expect(azimuth()).toBe(7)
    expect(document.getState().revision).toBe(revision)
    expect(asked).toEqual(['7'])
  })

  it('reads again at another seed or other words, each once', async () => {
    const { document, asked, azimuth, settle } = studio()
    await settle()
    setSetting(document, 'seed', '9')
    await settle()
    expect(azimuth()).toBe(9)
    setPrompt(document, 'noon')
    await settle()
    document.actions.undo()
    await settle()
    document.actions.undo()
    await settle()
    expect(azimuth()).toBe(7)
    expect(asked).toEqual(['7', '9', '9 noon'])
  })

  it('is left to whoever touches the light; undo and the switch bring the photo back', async () => {
    const { document, azimuth, source, settle } = studio()
    await settle()
    setScene(document, 'Move light', (scene) => {
      scene.lights[0].azimuthDegrees = 200
    })
    await settle()
    expect([azimuth(), source()]).toEqual([200, 'hand'])
    document.actions.undo()
    await settle()
    expect([azimuth(), source()]).toEqual([7, 'photo'])
    document.actions.redo()
    setLightSource(document, 'photo')
    await settle()
    expect([azimuth(), source()]).toEqual([7, 'photo'])
    document.actions.undo()
    expect([azimuth(), source()]).toEqual([200, 'hand'])
  })

  it('goes on following while only the strength of layers changes', async () => {
    const { document, source, settle } = studio()
    await settle()
    setScene(document, 'Change contact', (scene) => {
      scene.amounts.contact = 0.5
    })
    expect(source()).toBe('photo')
  })

  it('is read at several seeds at once, and never twice', async () => {
    const { photo, asked, settle } = studio()
    await settle()
    const request = {
      photo: { hash: 'b'.repeat(64), name: 'b', width: 40, height: 30 },
      prompt: '',
      steps: 4,
    }
    const read = async (...seeds: string[]) => {
      const done = await photo.readAll(request, seeds)
      if (!done.ok) throw new Error(done.problem.message)
      return done.value.map(({ lights }) => lights[0].azimuthDegrees)
    }
    expect(await read('7', '8', '9')).toEqual([7, 8, 9])
    expect(asked).toEqual(['7', '8', '9'])
    expect(await read('9', '10', '8')).toEqual([9, 10, 8])
    expect(asked).toEqual(['7', '8', '9', '10'])
  })

  it('is settled at once for whoever cannot wait', async () => {
    const { photo, azimuth } = studio()
    expect(await photo.settled()).toBeNull()
    expect(azimuth()).toBe(7)
  })

  it('keeps its light where a reading fails, says why, and is read again when it is asked for', async () => {
    const { photo, state, azimuth, settle } = studio()
    state.broken = true
    const before = azimuth()
    await settle()
    expect(await photo.settled()).toMatchObject({ code: 'hash-mismatch' })
    expect(azimuth()).toBe(before)
    state.broken = false
    expect(await photo.settled()).toBeNull()
    expect(azimuth()).toBe(7)
  })
})
