/** A pack's parameters, read tensor by tensor from its shards, wherever those lie. */
import { fail } from '@/base/errors'
import { Once } from '@/base/once'
import type { PackManifest } from '@/schema/pack'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import { readRows, readTensor, rowSize, type TensorEntry } from '@/weights/formats/tensorEntry'
import { QUANT_BLOCK } from '@/onnx/layers'
import { blockBytes, dequantise } from '@/weights/formats/quantise'
import type { StoredTensor } from '@/weights/formats/safetensors'
import { toFloat32 } from '@/weights/formats/safetensors'
import type { LinearWeights, WeightSource } from '@/weights/formats/source'

const AGAIN = 'Verify the model in the model manager; if it is damaged, delete it and import it again.'

type PackTensor = PackManifest['tensors'][string]
/** One row chunk as it is stored. */
interface Chunk {
  stored: string
  rows: number
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

export class PackSource implements WeightSource {
  private readonly manifest: PackManifest
  private readonly open: () => Promise<Checkpoint>
  private readonly opened = new Once<Checkpoint>()

  /** @param open gives the shards' table; called once, when the first tensor is asked for */
  constructor(manifest: PackManifest, open: () => Promise<Checkpoint>) {
    this.manifest = manifest
    this.open = open
  }

  has(name: string): boolean {
    return Object.hasOwn(this.manifest.tensors, name)
  }

  async tensor(name: string, shape: readonly number[]): Promise<Float32Array> {
    const listed = this.listed(name, shape)
    const cols = rowSize({ shape })
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    let first = 0
    for (const chunk of chunksOf(name, listed)) {
      values.set(await this.widened(chunk, listed, cols), first * cols)
      first += chunk.rows
    }
    return values
  }

  async halves(name: string, shape: readonly number[]): Promise<Uint16Array | null> {
    const listed = this.listed(name, shape)
    if (listed.format !== 'f16') return null
    const cols = rowSize({ shape })
    const values = new Uint16Array(shape[0] * cols)
    let first = 0
    for (const chunk of chunksOf(name, listed)) {
      const stored = await this.stored(chunk.stored, [chunk.rows, ...shape.slice(1)])
      values.set(halvesOf(chunk.stored, stored), first * cols)
      first += chunk.rows
    }
    return values
  }

  async linear(name: string, rows: number, cols: number): Promise<LinearWeights> {
    const weightName = `${name}.weight`
    const listed = this.listed(weightName, [rows, cols])
    const bias = this.has(`${name}.bias`) ? await this.tensor(`${name}.bias`, [rows]) : null
    const format = listed.format === 'bf16' ? 'f32' : listed.format
    const chunks: LinearWeights['chunks'] = []
    for (const chunk of chunksOf(weightName, listed)) chunks.push(await this.chunk(chunk, listed, cols))
    return { rows, cols, format, chunks, bias, lora: null }
  }

  async rows(name: string, shape: readonly number[], ids: Int32Array): Promise<Float32Array> {
    const listed = this.listed(name, shape)
    const cols = rowSize({ shape })
    const picked = new Float32Array(ids.length * cols)
    if (listed.format === 'q8' || listed.format === 'q4')
      fail('internal', 'Rows of a quantised table were asked for.', 'Report this.', name)
    let first = 0
    for (const chunk of chunksOf(name, listed)) {
      const entry = await this.entry(chunk.stored, [chunk.rows, ...shape.slice(1)])
      for (const [i, id] of ids.entries())
        if (id >= first && id < first + chunk.rows) picked.set(await readRows(entry, id - first, 1), i * cols)
      first += chunk.rows
    }
    return picked // [ids, cols]
  }

  /** A chunk in the form that the pack stores. */
  private async chunk(
    chunk: Chunk,
    listed: PackTensor,
    cols: number,
  ): Promise<LinearWeights['chunks'][number]> {
    const { rows } = chunk
    switch (listed.format) {
      case 'f32':
      case 'bf16':
        return { rows, weight: toFloat32(await this.stored(chunk.stored, [rows, cols])), scales: null }
      case 'f16': {
        const stored = await this.stored(chunk.stored, [rows, cols])
        return { rows, weight: halvesOf(chunk.stored, stored), scales: null }
      }
      case 'q8':
      case 'q4': {
        const blocks = Math.ceil(cols / QUANT_BLOCK)
        const packed = blockBytes(listed.format === 'q8' ? 8 : 4)
        const { bytes, dtype } = await this.stored(chunk.stored, [rows, blocks, packed])
        if (dtype !== 'U8') wrong(chunk.stored, 'U8', dtype)
        const scales = toFloat32(await this.stored(`${chunk.stored}.scale`, [rows, blocks]))
        return { rows, weight: bytes, scales }
      }
    }
  }

  private async widened(chunk: Chunk, listed: PackTensor, cols: number): Promise<Float32Array> {
    if (listed.format !== 'q8' && listed.format !== 'q4')
      return toFloat32(await this.stored(chunk.stored, [chunk.rows, ...listed.shape.slice(1)]))
    const { weight, scales } = await this.chunk(chunk, listed, cols)
    const packed = weight as Uint8Array<ArrayBuffer>
    const bits = listed.format === 'q8' ? 8 : 4
    return dequantise({ packed, scales: scales as Float32Array<ArrayBuffer> }, chunk.rows, cols, bits)
  }

  private listed(name: string, shape: readonly number[]): PackTensor {
    if (!this.has(name))
      fail('bad-weights', `The model lacks the tensor "${name}".`, AGAIN, `expected ${text(shape)}`)
    const listed = this.manifest.tensors[name]
    if (listed.shape.join() !== shape.join()) wrong(name, text(shape), text(listed.shape))
    const rows = listed.chunks?.reduce((sum, count) => sum + count, 0) ?? shape[0]
    if (rows !== shape[0]) wrong(name, `${shape[0]} rows`, `chunks of ${rows}`)
    return listed
  }

  private async stored(name: string, shape: readonly number[]): Promise<StoredTensor> {
    return readTensor(await this.entry(name, shape))
  }

  private async entry(name: string, shape: readonly number[]): Promise<TensorEntry> {
    const { entries } = await this.opened.get(this.open)
    const entry = entries.get(name)
    if (!entry)
      return fail('bad-weights', `The model lacks the tensor "${name}".`, AGAIN, `expected ${text(shape)}`)
    if (entry.shape.join() !== shape.join()) wrong(name, text(shape), text(entry.shape))
    return entry
  }
}

const chunksOf = (name: string, { shape, chunks }: PackTensor): Chunk[] =>
  chunks && chunks.length > 1
    ? chunks.map((rows, i) => ({ stored: `${name}.${i}`, rows }))
    : [{ stored: name, rows: shape[0] }]

/** A pack that says f16 and holds something else would be read as noise. @throws bad-weights */
function halvesOf(name: string, { bytes, dtype }: StoredTensor): Uint16Array<ArrayBuffer> {
  if (dtype !== 'F16') wrong(name, 'F16', dtype)
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)
}

function wrong(name: string, expected: string, found: string): never {
  fail(
    'bad-weights',
    `The tensor "${name}" has the wrong shape.`,
    AGAIN,
    `expected ${expected}, found ${found}`,
  )
}
