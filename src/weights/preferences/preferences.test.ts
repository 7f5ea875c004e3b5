import { readFile, writeFile } from 'node:fs/promises'

import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { FAMILIES } from '@/families/registry'
import { InlayError, type Problem } from '@/base/errors'
import { PAIR_PICTURES, type PreferencePair } from '@/schema/preferences'
import { testPair } from '@/schema/testPairs'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { mergedSource, openAdapter } from '@/weights/lora/lora'
import { decodePair, encodePair, type PairTensors } from '@/weights/preferences/preferences'
import {
  openPreferences,
  writePreferences,
  type PairToExport,
} from '@/weights/preferences/preferencesArchive'
import { parseSafetensors, writeSafetensors } from '@/weights/formats/safetensors'
import { zeros } from '@/weights/lora/testAdapters'
import { formula, testPicture, testTensors } from '@/weights/preferences/testPairs'

/** What Python's tests read; written here, with INLAY_WRITE_FIXTURES=1. */
const FIXTURE = new URL('../../../training/preferences/fixtures/pairs.zip', import.meta.url)

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}
const thrown = (work: () => unknown) => problemOf(Promise.resolve().then(work))

const toExport = (pair: PreferencePair, salt: number): PairToExport => ({
  pair,
  bytes: 1,
  open: (file) =>
    Promise.resolve(
      file === 'tensors' ? new Blob([encodePair(pair, testTensors(pair, salt))]) : testPicture(),
    ),
})
const PAIRS = [
  toExport(testPair(1), 10),
  toExport(testPair(2, { mapWords: 3, winner: 'reference', adopted: false }), 20),
  toExport(testPair(3), 30),
]

async function archiveOf(pairs: PairToExport[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of writePreferences(pairs, signal)) pieces.push(piece)
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
}
const open = (bytes: Uint8Array<ArrayBuffer>) => openPreferences(new Blob([bytes]))

describe("a pair's tensors", () => {
  const pair = testPair(1, { mapWords: 2 })
  const tensors = testTensors(pair, 1)
  const file = encodePair(pair, tensors)

  it('come back as they were', () => {
    expect(decodePair(file, pair)).toEqual(tensors)
    expect(
      decodePair(encodePair(testPair(1), { ...tensors, wordMaps: null }), testPair(1)).wordMaps,
    ).toBeNull()
  })

  it('must fit the description when they are written', async () => {
    const short: PairTensors = { ...tensors, masks: tensors.masks.slice(1) }
    expect((await thrown(() => encodePair(pair, short))).detail).toBe(
      'masks should be [4, 2, 2], has 15 values',
    )
    expect((await thrown(() => encodePair(pair, { ...tensors, wordMaps: null }))).detail).toMatch(/word_maps/)
  })

  it('are held to the description when they are read', async () => {
    const read = (of: PreferencePair, bytes = file) => thrown(() => decodePair(bytes, of))
    const wrong = await read({ ...pair, latent: { ...pair.latent, rows: 8 } })
    expect([wrong.code, wrong.message]).toEqual([
      'bad-archive',
      'The pair of “a red ball” is broken: "winner.latents" is F32 [5, 4, 4, 4], not F32 [5, 4, 8, 4].',
    ])
    expect((await read({ ...pair, timesteps: [751, 501, 251, 2] })).message).toMatch(/timesteps/)
    expect((await read(pair, file.slice(0, -1))).code).toBe('bad-weights')
    const changed = (change: (list: Parameters<typeof writeSafetensors>[0]) => void) => {
      const list = Object.fromEntries(
        [...parseSafetensors(file, 'x')].map(([name, { shape, bytes, dtype }]) => [
          name,
          { shape, data: bytes, dtype },
        ]),
      )
      change(list)
      return writeSafetensors(list)
    }
    const lacking = changed((list) => Reflect.deleteProperty(list, 'loser.log_probability'))
    expect((await read(pair, lacking)).message).toMatch(/it lacks "loser.log_probability"/)
    const endless = changed((list) => {
      list['winner.log_probability'] = { shape: [4], data: Float32Array.of(0, NaN, 0, 0) }
    })
    expect((await read(pair, endless)).message).toMatch(/no finite number/)
  })
})

it('what training makes of pairs is an adapter that the studio reads', async () => {
  const file = new Uint8Array(await readFile(new URL('lora.safetensors', FIXTURE)))
  const adapter = await openAdapter(
    checkpointOf(parseSafetensors(file, 'lora.safetensors')),
    null,
    FAMILIES.sd2,
  )
  // Every attention's q, k, v and output: 32 attentions of the golden case's U-Net.
  expect([adapter.dialect, adapter.notes, adapter.pieces.size]).toEqual(['diffusers', [], 128])
  const source = mergedSource(zeros(), [{ adapter, weight: 1 }])
  for (const [name, rows, cols] of [
    ['down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k', 8, 20],
    ['mid_block.attentions.0.transformer_blocks.0.attn1.to_q', 24, 24],
    ['up_blocks.3.attentions.2.transformer_blocks.0.attn1.to_out.0', 8, 8],
  ] as const) {
    const [a, b] = [formula(2 * cols, 1), formula(rows * 2, 2)]
    const expected = Array.from({ length: rows * cols }, (_, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols]
      return b[2 * row] * a[col] + b[2 * row + 1] * a[cols + col]
    })
    expect([...(await source.linear(name, rows, cols)).chunks[0].weight]).toEqual(expected)
  }
})

describe('an archive', () => {
  it('reads back', async () => {
    const archive = await open(await archiveOf(PAIRS))
    expect(archive.pairs).toEqual(PAIRS.map(({ pair }) => pair))
    for (const [i, pair] of archive.pairs.entries()) {
      expect(decodePair(await archive.tensors(pair), pair)).toEqual(testTensors(pair, 10 * (i + 1)))
      for (const which of PAIR_PICTURES)
        expect(await (await archive.picture(pair, which)).bytes()).toEqual(await testPicture().bytes())
    }
    expect((await open(await archiveOf([]))).pairs).toEqual([])
  })

  it('is what training reads in its tests', async () => {
    const bytes = await archiveOf(PAIRS)
    expect(bytes.length).toBeLessThan(100_000)
    if (process.env.INLAY_WRITE_FIXTURES) await writeFile(FIXTURE, bytes)
    expect(Buffer.compare(await readFile(FIXTURE), bytes)).toBe(0)
    expect([...formula(3, 10)]).toEqual([(245 - 127) / 64, (27 - 127) / 64, (64 - 127) / 64])
  })

  it('is written piece by piece and can be stopped', async () => {
    const abort = new AbortController()
    const opened: string[] = []
    const watched = PAIRS.map(({ pair, bytes, open: inner }) => ({
      pair,
      bytes,
      open: (file: Parameters<typeof inner>[0]) => {
        opened.push(pair.id)
        return inner(file)
      },
    }))
    const stream = writePreferences(watched, abort.signal)
    await stream.next()
    expect(opened).toEqual([])
    while (opened.length === 0) await stream.next()
    abort.abort()
    const rest = async () => {
      while (!(await stream.next()).done);
    }
    await expect(rest()).rejects.toThrow(/abort/i)
    expect(new Set(opened).size).toBe(1)
  })

  it('that would be too large for a zip is refused before it is begun', async () => {
    const large = { ...PAIRS[0], bytes: 5e9 }
    expect((await thrown(() => writePreferences([large]))).message).toBe(
      '1 pairs of 5.0 GB do not fit into one archive.',
    )
  })

  it('that is cut off anywhere, or changed, is refused', async () => {
    const whole = await archiveOf([PAIRS[0]])
    for (const length of [0, 10, 100, whole.length >> 1, whole.length - 1]) {
      const problem = await problemOf(open(whole.slice(0, length)))
      expect([problem.code, problem.message]).toEqual(['bad-archive', expect.stringMatching(/cut off/)])
    }
    expect((await problemOf(open(whole.slice(100)))).code).toBe('bad-archive')
    const { pair } = PAIRS[0]
    const flipped = whole.slice()
    // A byte of the latents: far from any header.
    flipped[whole.length >> 1] ^= 1
    const archive = await open(flipped)
    expect((await problemOf(archive.tensors(pair))).message).toMatch(/has changed/)
  })

  it('says what is wrong with it', async () => {
    const { pair } = PAIRS[0]
    const files = async (): Promise<Record<string, Uint8Array>> => ({
      'preferences.json': new TextEncoder().encode(
        JSON.stringify({ schema: 2, kind: 'inlay-preferences', pairs: [pair] }),
      ),
      [`pairs/${pair.id}.safetensors`]: encodePair(pair, testTensors(pair, 1)),
      ...Object.fromEntries(
        await Promise.all(
          PAIR_PICTURES.map(async (which) => [
            `pictures/${pair.id}-${which}.png`,
            await testPicture().bytes(),
          ]),
        ),
      ),
    })
    const refused = async (change: (all: Record<string, Uint8Array>) => void, level: 0 | 6 = 0) => {
      const all = await files()
      change(all)
      return (await problemOf(open(zipSync(all, { level }) as Uint8Array<ArrayBuffer>))).message
    }
    const index = (value: unknown) => (all: Record<string, Uint8Array>) => {
      all['preferences.json'] = new TextEncoder().encode(
        typeof value === 'string' ? value : JSON.stringify(value),
      )
    }
    const listed = (...pairs: unknown[]) => index({ schema: 2, kind: 'inlay-preferences', pairs })
    expect((await open(zipSync(await files(), { level: 0 }) as Uint8Array<ArrayBuffer>)).pairs).toEqual([
      pair,
    ])
    expect(await refused(() => undefined, 6)).toMatch(/is compressed/)
    expect(await refused((all) => Reflect.deleteProperty(all, 'preferences.json'))).toMatch(
      /lacks "preferences.json"/,
    )
    for (const name of [`pairs/${pair.id}.safetensors`, `pictures/${pair.id}-loser.png`])
      expect(await refused((all) => Reflect.deleteProperty(all, name))).toContain(`it lacks "${name}"`)
    expect(await refused(index('{'))).toMatch(/is no JSON/)
    expect(await refused(index('['.repeat(100_000)))).toMatch(/nested too deeply/)
    expect(await refused(index({ schema: 3, kind: 'inlay-preferences', pairs: [] }))).toMatch(/at schema/)
    expect(await refused(listed({ ...pair, id: '../../x' }))).toMatch(/at pairs.0.id: expected a UUID/)
    expect(await refused(listed(pair, pair))).toMatch(/lists a pair twice/)
    // Shapes that disagree come to light when the pair is read.
    const all = await files()
    listed({ ...pair, prompt: { tokens: 3, width: 4096 } })(all)
    const archive = await open(zipSync(all, { level: 0 }) as Uint8Array<ArrayBuffer>)
    expect((await problemOf(archive.tensors(archive.pairs[0]))).message).toMatch(/prompt.embedding/)
  })
})
