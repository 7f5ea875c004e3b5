import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { openFolder, writeFile } from '@/storage/files'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { fluxLayout } from '@/families/flux/transformer'
import { groupFiles } from '@/weights/import/groups'
import { importModel, type ImportOptions, type ImportProgress } from '@/weights/import/importer'
import { inspectFiles } from '@/weights/import/inspect'
import {
  clearUnfinished,
  filesOf,
  findInstalled,
  listInstalled,
  openInstalled,
  removeInstalled,
  renameInstalled,
  verifyInstalled,
} from '@/weights/packs/installed'
import { layoutSource } from '@/weights/formats/canonical'
import { parseSafetensors } from '@/weights/formats/safetensors'
import { dequantiseLinear, quantiseLinear, rowsOf } from '@/weights/formats/source'
import {
  bflFlux,
  fileOf,
  jsonFile,
  loraPair,
  originalVae,
  t5,
  table,
  type TestTensors,
} from '@/weights/testModels'

const SIZE = { hidden: 128, headDim: 128, mlp: 128, image: 20, context: 24, vector: 12, double: 1, single: 1 }
const FLUX = bflFlux(SIZE)
const fluxFile = () => [memoryBytes(fileOf(FLUX, 'BF16'), 'flux1-dev.safetensors')]

/** Small enough for some ten shards and for linears of two chunks. */
const LIMITS = { chunk: 16_000, shard: 40_000 }
const OPTIONS: ImportOptions = { precision: 'q4', name: '', role: null, limits: LIMITS }

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

const names = async (path: string): Promise<string[]> => {
  const found: string[] = []
  for await (const name of (await openFolder(path)).keys()) found.push(name)
  return found.sort()
}

async function clear() {
  const root = await navigator.storage.getDirectory()
  for (const name of ['models', 'downloads'])
    await root.removeEntry(name, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(async () => {
  vi.restoreAllMocks()
  await clear()
})

/** Lets `count` files be written before the disk is full. */
function fillAfter(count: number) {
  const { createWritable } = FileSystemFileHandle.prototype
  let written = 0
  vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockImplementation(function (
    this: FileSystemFileHandle,
    ...given
  ) {
    if (written++ >= count) return Promise.reject(new DOMException('no room', 'QuotaExceededError'))
    return createWritable.apply(this, given)
  })
}

describe('an imported FLUX', () => {
  const tensors = parseSafetensors(fileOf(FLUX, 'BF16'), 'reference')
  const reference = layoutSource(checkpointOf(tensors), fluxLayout(checkpointOf(tensors)).tensors)

  it.each(['q4', 'q8', 'f16'] as const)('holds what its file held, at %s', async (precision) => {
    const model = await importModel(fluxFile(), { ...OPTIONS, precision, name: ' My FLUX ' })
    expect(model).toMatchObject({
      family: 'fluxDit',
      name: 'My FLUX',
      files: ['flux1-dev.safetensors'],
      problem: null,
    })
    expect(await listInstalled()).toEqual([model])
    const pack = await openInstalled(model.id)
    const source = pack.source()
    expect((await findInstalled(model.hash))?.id).toBe(model.id)
    expect(pack.manifest.shards.length).toBeGreaterThan(4)
    expect(model.bytes).toBe(pack.manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0))

    for (const [name, rows, cols] of [
      ['single_blocks.0.linear1', 512, 128],
      ['double_blocks.0.img_attn.qkv', 384, 128],
      ['double_blocks.0.txt_mod.lin', 768, 128],
      ['img_in', 128, 20],
    ] as const) {
      const plain = await reference.linear(name, rows, cols)
      const linear = await source.linear(name, rows, cols)
      const once = /_mod|img_in/.test(name)
      const format = once && precision === 'q4' ? 'q8' : precision
      expect([linear.format, linear.bias]).toEqual([format, plain.bias])
      expect(linear.chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(rows)
      if (rows > 300) expect(linear.chunks.length).toBeGreaterThan(1)
      const expected =
        format === 'f16'
          ? f16ToF32(f32ToF16(plain.chunks[0].weight as Float32Array))
          : (dequantiseLinear(quantiseLinear(plain, format)).chunks[0].weight as Float32Array)
      const chunks = dequantiseLinear(linear).chunks.map(({ weight }) =>
        weight instanceof Uint16Array ? f16ToF32(weight) : (weight as Float32Array),
      )
      expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...expected])
      expect(await source.tensor(`${name}.weight`, [rows, cols])).toEqual(expected)
    }
    const scale = 'single_blocks.0.norm.key_norm.scale'
    expect(await source.tensor(scale, [128])).toEqual(await reference.tensor(scale, [128]))
    expect((await problemOf(source.linear('single_blocks.7.linear1', 512, 128))).message).toContain(
      'single_blocks.7',
    )
    expect((await problemOf(source.linear('img_in', 128, 21))).detail).toBe(
      'expected [128, 21], found [128, 20]',
    )
  })

  it('is there already when it is imported again', async () => {
    const first = await importModel(fluxFile(), OPTIONS)
    const progress = vi.fn()
    expect(await importModel(fluxFile(), { ...OPTIONS, onProgress: progress })).toEqual(first)
    expect(progress).not.toHaveBeenCalled()
    const other = await importModel(fluxFile(), { ...OPTIONS, precision: 'q8' })
    expect(other.id).not.toBe(first.id)
    expect(await listInstalled()).toHaveLength(2)
  })

  it('is another model when only its numbers differ', async () => {
    const krea = memoryBytes(fileOf(bflFlux(SIZE, 'krea'), 'BF16'), 'flux1-krea-dev.safetensors')
    expect(krea.size).toBe(fluxFile()[0].size)
    const [first, second] = [await importModel(fluxFile(), OPTIONS), await importModel([krea], OPTIONS)]
    expect([second.id === first.id, second.hash === first.hash]).toEqual([false, false])
  })
})

describe('an import that is interrupted', () => {
  async function abortAfter(share: number): Promise<ImportProgress[]> {
    const control = new AbortController()
    const seen: ImportProgress[] = []
    const onProgress = (progress: ImportProgress) => {
      seen.push(progress)
      if (progress.doneBytes > share * progress.totalBytes) control.abort(new Error('closed'))
    }
    await expect(importModel(fluxFile(), { ...OPTIONS, signal: control.signal, onProgress })).rejects.toThrow(
      'closed',
    )
    return seen
  }

  it('goes on with what is written, and gives the same pack', async () => {
    const whole = await importModel(fluxFile(), OPTIONS)
    await removeInstalled(whole.id)

    const seen = await abortAfter(0.5)
    expect(seen.every(({ doneBytes }, i) => i === 0 || doneBytes >= seen[i - 1].doneBytes)).toBe(true)
    expect(await listInstalled()).toEqual([])
    const written = (await names(`models/${whole.id}`)).filter((name) => name.startsWith('model-'))
    expect(written.length).toBeGreaterThan(2)
    expect(written.some((name) => name.endsWith('.part'))).toBe(false)
    const times = await Promise.all(
      written.map(async (name) =>
        (await (await openFolder(`models/${whole.id}`)).getFileHandle(name)).getFile(),
      ),
    )

    const file = new File([fileOf(FLUX, 'BF16')], 'renamed.safetensors')
    const [{ found }] = await inspectFiles([file])
    expect(found.ok && found.value.resumableBytes).toBe(times.reduce((sum, { size }) => sum + size, 0))

    const progress: ImportProgress[] = []
    const model = await importModel(fluxFile(), { ...OPTIONS, onProgress: (each) => progress.push(each) })
    expect(progress[0].doneBytes).toBe(times.reduce((sum, { size }) => sum + size, 0))
    expect(progress.at(-1)).toMatchObject({ doneBytes: model.bytes, totalBytes: model.bytes })
    expect(model.hash).toBe(whole.hash)
    for (const file of times)
      expect((await (await openInstalled(model.id)).file(file.name)).lastModified).toBe(file.lastModified)
    expect(await names(`models/${whole.id}`)).not.toContain('import.json')
    await verifyInstalled(model.id, () => undefined)
  })

  it('can be thrown away', async () => {
    const lora: TestTensors = {}
    loraPair(
      lora,
      'single_blocks_0.processor.qkv_lora.down.weight',
      'single_blocks_0.processor.qkv_lora.up.weight',
      9,
      8,
    )
    const kept = await importModel([memoryBytes(fileOf(lora, 'F32'), 'x.safetensors')], OPTIONS)
    await abortAfter(0.5)
    expect(await clearUnfinished()).toBeGreaterThan(50_000)
    expect(await names('models')).toEqual([kept.id])
  })
})

describe('a full disk', () => {
  it('is said before anything is written', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ usage: 900_000, quota: 1_000_000 })
    const problem = await problemOf(importModel(fluxFile(), OPTIONS))
    expect([problem.code, problem.detail]).toEqual(['storage-full', '0.00 GB are free for the studio'])
    expect(await listInstalled()).toEqual([])
  })

  it('stops an import that goes on when there is room, and harms no other', async () => {
    const vae = await importModel(
      [memoryBytes(fileOf(originalVae([32, 32], 16, 1), 'F32'), 'ae.safetensors')],
      OPTIONS,
    )
    fillAfter(7)
    const problem = await problemOf(importModel(fluxFile(), OPTIONS))
    expect(problem.code).toBe('storage-full')
    expect(problem.hint).toContain('goes on where it stopped')
    vi.restoreAllMocks()
    expect((await listInstalled()).map(({ id }) => id)).toEqual([vae.id])
    await verifyInstalled(vae.id, () => undefined)

    let first: ImportProgress | null = null
    const model = await importModel(fluxFile(), {
      ...OPTIONS,
      onProgress: (progress) => (first ??= progress),
    })
    expect(first!.doneBytes).toBeGreaterThan(0)
    await verifyInstalled(model.id, () => undefined)
  })
})

describe('damage', () => {
  it('is found by verifying, which names the shard, and leaves other packs usable', async () => {
    const model = await importModel(fluxFile(), OPTIONS)
    const other = await importModel(fluxFile(), { ...OPTIONS, precision: 'q8' })
    const folder = await openFolder(`models/${model.id}`)
    const bytes = new Uint8Array(
      await (await (await openInstalled(model.id)).file('model-00003.safetensors')).arrayBuffer(),
    )
    bytes[bytes.length - 5] ^= 1
    await writeFile(folder, 'model-00003.safetensors', bytes)
    const seen: number[] = []
    const problem = await problemOf(verifyInstalled(model.id, (done) => seen.push(done)))
    expect([problem.code, problem.message]).toEqual([
      'hash-mismatch',
      'The model\'s file "model-00003.safetensors" is damaged.',
    ])
    expect(seen.length).toBe(3)

    await writeFile(folder, 'model-00003.safetensors', bytes.slice(1))
    expect((await listInstalled()).map(({ problem }) => problem?.code ?? 'fine').sort()).toEqual([
      'bad-weights',
      'fine',
    ])
    expect(await findInstalled(model.hash)).toBeNull()
    await verifyInstalled(other.id, () => undefined)
    await writeFile(folder, 'manifest.json', new TextEncoder().encode('{"schema":1}'))
    expect((await listInstalled()).find(({ id }) => id === model.id)?.problem?.code).toBe('bad-manifest')
  })

  it('of what was written is found at once', async () => {
    const { getFile } = FileSystemFileHandle.prototype
    vi.spyOn(FileSystemFileHandle.prototype, 'getFile').mockImplementation(async function (
      this: FileSystemFileHandle,
    ) {
      const file = await getFile.apply(this)
      if (!this.name.endsWith('safetensors.part')) return file
      const bytes = new Uint8Array(await file.arrayBuffer())
      bytes[100] ^= 4
      return new File([bytes], file.name)
    })
    expect((await problemOf(importModel(fluxFile(), OPTIONS))).code).toBe('hash-mismatch')
    vi.restoreAllMocks()
    expect(await listInstalled()).toEqual([])
  })

  it('of a source that breaks in the middle leaves earlier packs', async () => {
    const kept = await importModel(fluxFile(), OPTIONS)
    const [file] = fluxFile()
    const breaking: ByteSource = {
      ...file,
      read: (begin, end) =>
        end - begin > 50_000 ? Promise.reject(new Error('unplugged')) : file.read(begin, end),
    }
    await expect(importModel([breaking], { ...OPTIONS, precision: 'f16' })).rejects.toThrow('unplugged')
    expect((await listInstalled()).map(({ id }) => id)).toEqual([kept.id])
  })
})

describe('what is kept as published', () => {
  const lora: TestTensors = table('base_model.model.image_tag_embeddings.weight', 3, 128)
  const module = 'base_model.model.transformer_blocks.0.attn.to_q'
  loraPair(lora, `${module}.lora_A.weight`, `${module}.lora_B.weight`, 128, 128)
  const adapter = () => [
    memoryBytes(fileOf(lora, 'F32'), 'adapter_model.safetensors'),
    memoryBytes(jsonFile({ lora_alpha: 8, r: 4 }), 'adapter_config.json'),
  ]

  it('is opened by its own names, and keeps its hash under another name and role', async () => {
    const model = await importModel(adapter(), { ...OPTIONS, name: 'Fuse' })
    expect(model).toMatchObject({
      family: 'lora',
      role: 'dreamfuse',
      precision: 'as published',
      name: 'Fuse',
    })
    const pack = await openInstalled(model.id)
    const { entries, json } = await pack.checkpoint()
    expect([...entries.keys()]).toEqual(Object.keys(lora))
    expect(json['adapter_config.json']).toEqual({ lora_alpha: 8, r: 4 })
    const renamed = await renameInstalled(model.id, 'Other', 'turbo')
    expect(renamed).toEqual({ ...model, name: 'Other', role: 'turbo' })
    const { manifest, hash } = await openInstalled(model.id)
    expect([manifest.name, manifest.family === 'lora' && manifest.config.role, hash]).toEqual([
      'Other',
      'turbo',
      model.hash,
    ])
  })

  it('holds tokenizers', async () => {
    const json = { model: { type: 'Unigram', vocab: [['<pad>', 0]] } }
    const model = await importModel([memoryBytes(jsonFile(json), 'tokenizer (1).json')], OPTIONS)
    expect([model.family, model.tokenizerOf]).toEqual(['tokenizer', 't5'])
    expect(JSON.parse(await (await (await openInstalled(model.id)).file('tokenizer.json')).text())).toEqual(
      json,
    )
  })

  it('includes packs, which install with the same hash anywhere', async () => {
    for (const files of [fluxFile(), adapter()]) {
      const model = await importModel(files, { ...OPTIONS, name: 'Named' })
      const copied = await Promise.all(
        (await filesOf(model.id)).map(async ({ name, file }) =>
          memoryBytes(new Uint8Array(await file.arrayBuffer()), name),
        ),
      )
      await removeInstalled(model.id)
      expect(await listInstalled()).toEqual([])
      const [group, ...rest] = await groupFiles(copied)
      expect(rest).toEqual([])
      const again = await importModel(group, OPTIONS)
      expect([again.hash, again.name, again.bytes, again.family]).toEqual([
        model.hash,
        'Named',
        model.bytes,
        model.family,
      ])
      await verifyInstalled(again.id, () => undefined)
      await removeInstalled(again.id)

      const shard = copied.find(({ name }) => name.endsWith('.safetensors'))!
      const bytes = await shard.read(0, shard.size)
      bytes[bytes.length - 2] ^= 1
      const broken = copied.map((file) => (file === shard ? memoryBytes(bytes, file.name) : file))
      expect((await problemOf(importModel(broken, OPTIONS))).code).toBe('hash-mismatch')
      const lacking = copied.filter((file) => file !== shard)
      expect((await problemOf(importModel(lacking, OPTIONS))).message).toBe(
        `The file "${shard.name}" is missing.`,
      )
    }
  })
})

it('reads some rows of a table without the rest', async () => {
  const tensors = t5(200, 16, 1, 2, 8, 24)
  const model = await importModel([memoryBytes(fileOf(tensors, 'F16'), 't5.safetensors')], {
    ...OPTIONS,
    limits: { chunk: 3000, shard: 20_000 },
  })
  const pack = await openInstalled(model.id)
  expect(pack.manifest.tensors['shared.weight'].chunks?.length).toBeGreaterThan(3)
  const whole = f16ToF32(f32ToF16(tensors['shared.weight'].data))
  const rows = await rowsOf(pack.source(), 'shared.weight', [200, 16], Int32Array.of(199, 0, 77, 77))
  expect([...rows]).toEqual([199, 0, 77, 77].flatMap((row) => [...whole.slice(row * 16, row * 16 + 16)]))
  const outside = await problemOf(rowsOf(pack.source(), 'shared.weight', [200, 16], Int32Array.of(200)))
  expect(outside.detail).toContain('asked for row 200')
})
