import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createPreferences } from '@/app/align/preferences'
import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { PAIR_PICTURES } from '@/schema/preferences'
import { testPair } from '@/schema/testPairs'
import { openFolder } from '@/storage/files'
import { createPairStore } from '@/storage/pairs'
import { createPreferencesStore } from '@/ui/align/preferencesStore'
import { createRunStore } from '@/ui/stores/run'
import { createToastStore } from '@/ui/stores/toasts'
import type { AlignedRun } from '@/ui/align/service'
import { decodePair } from '@/weights/preferences/preferences'
import { openPreferences } from '@/weights/preferences/preferencesArchive'
import { formula } from '@/weights/preferences/testPairs'
import type { AlignRecord, Trajectory } from '@/worker/protocol'

const { recipe, timesteps } = testPair(1)
const STEPS = timesteps.length

const picture = (value: number, side = 8): Raster => ({
  width: side,
  height: side,
  data: new Uint8ClampedArray(side * side * 4).fill(value),
})

const trajectory = (salt: number): Trajectory => ({
  latents: formula((STEPS + 1) * 64, salt),
  logProbability: [...formula(STEPS, salt + 1)],
})

/** A finished run of Align on a latent of 4 x 4 x 4, adopted unless `changes` says otherwise. */
function aligned(changes: Partial<AlignRecord> = {}): AlignedRun {
  const frame = { reference: picture(1), base: picture(2), target: picture(3) }
  const record: AlignRecord = {
    reference: picture(10),
    base: picture(20, 600),
    maps: { rows: 2, columns: 2, words: 3, steps: timesteps.map((_, i) => formula(12, i)) },
    frames: timesteps.map((_, i) => ({ ...frame, mask: i === 0 ? null : Uint8Array.of(0, 1, 1, i % 2) })),
    scores: { reference: 0.5, base: 0.25, target: 0.75 },
    adopted: true,
    reconstruction: { base: null, reference: null },
    keptBytes: 0,
    latent: { channels: 4, rows: 4, columns: 4 },
    timesteps,
    trajectories: { reference: trajectory(1), base: trajectory(3), target: trajectory(5) },
    prompt: { embedding: formula(24, 7), negative: formula(24, 8), tokens: 3, width: 8 },
    ...changes,
  }
  return { recipe, record, target: picture(30) }
}

function setUp() {
  const preferences = createPreferencesStore()
  const run = createRunStore()
  const toasts = createToastStore()
  const store = createPairStore()
  const pairs = createPreferences({ preferences, run, toasts, store })
  const notes = () => toasts.getState().toasts.map(({ message }) => message)
  return { preferences, run, pairs, store, notes, state: preferences.getState }
}

/** What the page hands to the browser as a download, in a browser without a picker of files. */
function catchDownload(): { name: string | null; file: Promise<Blob> } {
  Reflect.deleteProperty(window, 'showSaveFilePicker')
  const caught = { name: null as string | null, file: Promise.resolve(new Blob()) }
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    caught.name = this.download
    caught.file = fetch(this.href).then((response) => response.blob())
  })
  return caught
}

/** From now on nothing more can be written. */
const fillDisk = () =>
  vi
    .spyOn(FileSystemFileHandle.prototype, 'createWritable')
    .mockRejectedValue(new DOMException('no room', 'QuotaExceededError'))

const namesIn = async (path: string): Promise<string[]> => {
  const names: string[] = []
  for await (const name of (await openFolder(path)).keys()) names.push(name)
  return names.sort()
}

/** Chromium's own picker cannot be answered by a test. */
const picker = Object.getOwnPropertyDescriptor(window, 'showSaveFilePicker')

async function clear(): Promise<void> {
  localStorage.removeItem('inlay-keep-pairs')
  const root = await navigator.storage.getDirectory()
  for (const name of ['pairs', 'exports'])
    await root.removeEntry(name, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(async () => {
  vi.restoreAllMocks()
  if (picker) Object.defineProperty(window, 'showSaveFilePicker', picker)
  await clear()
})

describe('keeping a pair', () => {
  it('writes it before it is listed, and finds it again after a reload', async () => {
    const { pairs, state, store } = setUp()
    await pairs.onAligned(aligned())
    expect(state().offer).toEqual({ kind: 'ready', judged: true, better: true })
    expect(state().pairs).toEqual([])
    await pairs.keep()
    const [stored] = state().pairs
    expect(state().offer).toEqual({ kind: 'kept', id: stored.pair.id })
    expect(stored.pair).toMatchObject({ winner: 'target', adopted: true, recipe, mapWords: 3, timesteps })

    const reloaded = setUp()
    await reloaded.pairs.load()
    expect(reloaded.state()).toMatchObject({ listing: { kind: 'ready' }, pairs: [stored] })
    const file = await store.file(stored.pair.id, 'tensors')
    const tensors = decodePair(new Uint8Array(await file.arrayBuffer()), stored.pair)
    expect(tensors.winner).toEqual({
      latents: formula((STEPS + 1) * 64, 5),
      logProbability: formula(STEPS, 6),
    })
    expect(tensors.loser.latents).toEqual(formula((STEPS + 1) * 64, 3))
    expect([...tensors.masks]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1])
    expect([...tensors.wordMaps!.subarray(12, 24)]).toEqual([...formula(12, 1)])
    const sizes = await Promise.all(
      PAIR_PICTURES.map(async (which) => {
        const bitmap = await createImageBitmap((await reloaded.pairs.picture(stored.pair.id, which))!)
        return bitmap.width
      }),
    )
    expect(sizes).toEqual([8, 256, 8])
    const bytes = await Promise.all(
      (['tensors', ...PAIR_PICTURES] as const).map(
        async (which) => (await store.file(stored.pair.id, which)).size,
      ),
    )
    expect(stored.bytes).toBe(bytes.reduce((sum, size) => sum + size, 0))

    await reloaded.pairs.remove(stored.pair.id)
    expect([reloaded.state().pairs, await namesIn('pairs')]).toEqual([[], []])
    expect(await reloaded.pairs.picture(stored.pair.id, 'winner')).toBeNull()
  })

  it('takes the reference as winner where the target was not adopted', async () => {
    const { pairs, state, store } = setUp()
    await pairs.onAligned(aligned({ adopted: false }))
    await pairs.keep()
    const [{ pair }] = state().pairs
    expect(pair).toMatchObject({ winner: 'reference', adopted: false })
    const file = await store.file(pair.id, 'tensors')
    const { winner } = decodePair(new Uint8Array(await file.arrayBuffer()), pair)
    expect(winner.latents).toEqual(formula((STEPS + 1) * 64, 1))
  })

  it('leaves the verdict to the user where nothing scored', async () => {
    const { pairs, state } = setUp()
    await pairs.onAligned(aligned({ adopted: null, scores: null }))
    expect(state().offer).toEqual({ kind: 'ready', judged: false, better: true })
    await pairs.keep('target')
    expect(state().pairs[0].pair).toMatchObject({ winner: 'target', adopted: null, scores: null })
  })

  it('refuses runs without probabilities, with the reason', async () => {
    const { pairs, state } = setUp()
    const { trajectories } = aligned().record
    const still = (run: 'base' | 'target') =>
      aligned({ trajectories: { ...trajectories, [run]: { ...trajectories[run], logProbability: null } } })
    pairs.setAutomatic(true)
    for (const run of ['base', 'target'] as const) {
      await pairs.onAligned(still(run))
      expect(state().offer).toMatchObject({
        kind: 'refused',
        problem: {
          code: 'unsupported',
          message: expect.stringContaining(`the ${run}’s steps draw no noise`),
        },
      })
    }
    expect(await namesIn('pairs')).toEqual([])
  })

  it('happens by itself where the switch says so, and the winner is better', async () => {
    const { pairs, state } = setUp()
    pairs.setAutomatic(true)
    expect(localStorage.getItem('inlay-keep-pairs')).toBe('yes')
    await pairs.onAligned(aligned())
    expect([state().offer.kind, state().pairs.length]).toEqual(['kept', 1])
    await pairs.onAligned(aligned({ scores: { reference: 0.2, base: 0.25, target: 0.25 } }))
    expect([state().offer, state().pairs.length]).toEqual([{ kind: 'ready', judged: true, better: false }, 1])
    await pairs.keep()
    expect(state().pairs.length).toBe(2)
    pairs.setAutomatic(false)
    await pairs.onAligned(aligned())
    expect(state().pairs.length).toBe(2)
    await pairs.onAligned(aligned(), true)
    expect(state().pairs.length).toBe(3)
  })

  it('is about the result on show', async () => {
    const { pairs, run, state } = setUp()
    const staged = {
      asset: { hash: '0'.repeat(64), name: '', width: 8, height: 8 },
      foregroundIds: [],
      resultId: null,
      stats: null,
      report: null,
    }
    await pairs.onAligned(aligned())
    run.setState({ staged: { ...staged, recipe } })
    expect(state().offer.kind).toBe('ready')
    run.setState({ staged: { ...staged, recipe: structuredClone(recipe) } })
    expect(state().offer.kind).toBe('none')
    await pairs.keep()
    expect(state().pairs).toEqual([])
  })

  it('leaves nothing half written on a full disk', async () => {
    const { pairs, state, notes } = setUp()
    await pairs.onAligned(aligned())
    const full = fillDisk()
    await pairs.keep()
    expect(state().offer).toMatchObject({
      kind: 'failed',
      winner: 'target',
      problem: { code: 'storage-full' },
    })
    expect(notes()).toEqual(["The pair could not be kept: the browser's storage is full."])
    expect([state().pairs, await namesIn('pairs')]).toEqual([[], []])
    full.mockRestore()
    await pairs.keep('target')
    expect(state().offer.kind).toBe('kept')
  })
})

describe('stored pairs', () => {
  it('that were cut off are swept, those that cannot be read stay', async () => {
    const { pairs, state, notes } = setUp()
    await pairs.onAligned(aligned(), true)
    const { id } = state().pairs[0].pair
    await (await openFolder('pairs/half')).getFileHandle('tensors.safetensors', { create: true })
    await (await openFolder('pairs/odd')).getFileHandle('pair.json', { create: true })
    await pairs.load()
    expect(state().pairs.map(({ pair }) => pair.id)).toEqual([id])
    expect(await namesIn('pairs')).toEqual([id, 'odd'].sort())
    expect(notes()).toEqual(['1 pair in storage cannot be read.'])
  })
})

describe('an export', () => {
  const three = async () => {
    const studio = setUp()
    for (let i = 0; i < 3; i++) await studio.pairs.onAligned(aligned(), true)
    return studio
  }

  it('goes to a download and can be brought back', async () => {
    const { pairs, state, notes } = await three()
    const caught = catchDownload()
    await pairs.exportPairs()
    expect(state().transfer).toEqual({ kind: 'none' })
    expect(caught.name).toMatch(/^inlay-preferences-\d{4}-\d\d-\d\d\.zip$/)
    const file = await caught.file
    const archive = await openPreferences(file)
    expect(archive.pairs).toEqual(state().pairs.map(({ pair }) => pair))
    expect(notes()).toEqual(['3 pairs exported.'])

    const before = state().pairs
    for (const { pair } of before.slice(0, 2)) await pairs.remove(pair.id)
    await pairs.importArchive(new File([file], 'pairs.zip'))
    expect(state().pairs).toEqual(before)
    expect(notes().at(-1)).toBe('2 pairs brought back, 1 of them here already.')
    const again = setUp()
    await again.pairs.load()
    expect(again.state().pairs).toEqual(before)
  })

  it('goes straight to the disk where there is a picker, of the chosen pairs alone', async () => {
    const { pairs, state } = await three()
    const handle = await (await openFolder('exports')).getFileHandle('picked.zip', { create: true })
    Object.defineProperty(window, 'showSaveFilePicker', { value: async () => handle, configurable: true })
    const { id } = state().pairs[1].pair
    pairs.choose(id, true)
    await pairs.exportPairs()
    expect((await openPreferences(await handle.getFile())).pairs.map((pair) => pair.id)).toEqual([id])
  })

  it('that is stopped or fails leaves no file, and the pairs stay', async () => {
    const { pairs, state, notes } = await three()
    const folder = await openFolder('exports')
    const pick = async () => folder.getFileHandle('picked.zip', { create: true })
    Object.defineProperty(window, 'showSaveFilePicker', { value: pick, configurable: true })
    const exporting = pairs.exportPairs()
    pairs.stopTransfer()
    await exporting
    expect([state().transfer, notes(), await namesIn('exports')]).toEqual([
      { kind: 'none' },
      ['Stopped. Nothing was written.'],
      [],
    ])

    const { id } = state().pairs[2].pair
    await (await openFolder(`pairs/${id}`)).removeEntry('tensors.safetensors')
    await pairs.exportPairs()
    expect(state().transfer).toMatchObject({ kind: 'failed', problem: { code: 'missing-asset' } })
    expect(await namesIn('exports')).toEqual([])

    const full = fillDisk()
    catchDownload()
    await pairs.exportPairs()
    expect(state().transfer).toMatchObject({ kind: 'failed', problem: { code: 'storage-full' } })
    full.mockRestore()
    expect([await namesIn('exports'), state().pairs.length]).toEqual([[], 3])
  })

  it('does nothing when the picker is closed', async () => {
    const { pairs, state, notes } = await three()
    const value = () => Promise.reject(new DOMException('closed', 'AbortError'))
    Object.defineProperty(window, 'showSaveFilePicker', { value, configurable: true })
    await pairs.exportPairs()
    expect([state().transfer, notes()]).toEqual([{ kind: 'none' }, []])
  })
})

describe('an archive that is brought back', () => {
  it('is refused with the reason where it is none', async () => {
    const { pairs, state } = setUp()
    await pairs.importArchive(new File(['PK nonsense'], 'x.zip'))
    expect(state().transfer).toMatchObject({ kind: 'failed', problem: { code: 'bad-archive' } })
  })

  it('gives its whole pairs even where one is broken', async () => {
    const { pairs, state, notes } = setUp()
    for (let i = 0; i < 2; i++) await pairs.onAligned(aligned(), true)
    const caught = catchDownload()
    await pairs.exportPairs()
    const bytes = new Uint8Array(await (await caught.file).arrayBuffer())
    const [first, second] = state().pairs.map(({ pair }) => pair)
    // A byte of the first pair's tensors changes.
    const at = new TextDecoder('latin1').decode(bytes).indexOf(`pairs/${first.id}.safetensors`) + 2000
    bytes[at] ^= 1
    for (const { id } of [first, second]) await pairs.remove(id)
    await pairs.importArchive(new File([bytes], 'x.zip'))
    expect(state().pairs.map(({ pair }) => pair)).toEqual([second])
    expect(notes().at(-1)).toBe('1 pair brought back, 1 broken.')
    expect(state().transfer).toMatchObject({ kind: 'failed', problem: { code: 'bad-archive' } })
  })

  it('does not stop at a full disk silently', async () => {
    const { pairs, state } = setUp()
    await pairs.onAligned(aligned(), true)
    const caught = catchDownload()
    await pairs.exportPairs()
    const file = new File([await caught.file], 'x.zip')
    await pairs.remove(state().pairs[0].pair.id)
    fillDisk()
    await pairs.importArchive(file)
    expect(state().transfer).toMatchObject({ kind: 'failed', problem: { code: 'storage-full' } })
    expect(await namesIn('pairs')).toEqual([])
  })
})

it('a missing file is told by the store itself', async () => {
  const { store } = setUp()
  await expect(store.file(testPair(9).id, 'tensors')).rejects.toThrow(InlayError)
  expect([await store.has(testPair(9).id), await store.remove(testPair(9).id)]).toEqual([false, false])
})
