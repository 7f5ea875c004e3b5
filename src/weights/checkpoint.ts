/**
 * A checkpoint's table of tensors over one or many files; their bytes stay where they are until read.
 * ComfyUI's fp8 companions (`<name>.scale_weight`, `.scale_input`, the `scaled_fp8` mark) are resolved here, so that
 * nobody else meets them (specs: FLUX §8.3).
 */
import { fail } from '@/base/errors'
import { memoryBytes, type ByteSource } from '@/weights/bytes'
import { jsonDepth, readHeader, type StoredTensor, type StoredType } from '@/weights/safetensors'
import { TYPE_BYTES, widenInto } from '@/weights/widen'

export interface TensorEntry {
  dtype: StoredType
  shape: readonly number[]
  source: ByteSource
  begin: number
  end: number
  /** Multiplies the stored numbers: one value, or one per row. */
  scale?: TensorEntry
}

export interface Checkpoint {
  entries: ReadonlyMap<string, TensorEntry>
  metadata: Readonly<Record<string, string>>
  /** Parsed side files by name, e.g. `adapter_config.json`. */
  json: Readonly<Record<string, unknown>>
}

/** tokenizer.json of T5 has 2.4 MB. */
const MAX_JSON_BYTES = 64_000_000
const MAX_JSON_DEPTH = 32

/** @throws bad-weights when the file is too long, nested too deeply or not JSON. */
export async function readJson(source: ByteSource, signal?: AbortSignal): Promise<unknown> {
  const broken = (why: string, detail?: string): never =>
    fail(
      'bad-weights',
      `The file "${source.name}" is broken: ${why}.`,
      'Get the file again from where it came.',
      detail,
    )
  if (source.size > MAX_JSON_BYTES) broken('it is too long')
  const bytes = await source.read(0, source.size, signal)
  if (jsonDepth(bytes) > MAX_JSON_DEPTH) broken('it is nested too deeply')
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    return broken('it is not JSON', String(error))
  }
}

const NUMBERED = /^(.*)-(\d{5})-of-(\d{5})\.safetensors$/

/** Stem, number and count of a shard's name ("model-00001-of-00003.safetensors"), or null. */
export function shardName(name: string): { stem: string; index: number; count: number } | null {
  const match = NUMBERED.exec(name)
  return match && { stem: match[1], index: Number(match[2]), count: Number(match[3]) }
}

/** The shards that an index names, by tensor; null for other JSON. */
export function weightMap(json: unknown): Map<string, string> | null {
  const map = (json as { weight_map?: unknown } | null)?.weight_map
  if (typeof map !== 'object' || map === null) return null
  return new Map(Object.entries(map).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

/**
 * Opens the files of one model: a single safetensors file, or shards with their index, and side JSON files.
 * Only headers and JSON are read.
 * @throws bad-weights naming a shard or a tensor that is missing or there twice; all of `readHeader`'s.
 */
export async function openCheckpoint(
  files: readonly ByteSource[],
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const json: Record<string, unknown> = {}
  const entries = new Map<string, TensorEntry>()
  const metadata: Record<string, string> = {}
  const weights = files.filter(({ name }) => !name.endsWith('.json'))
  for (const source of files)
    if (source.name.endsWith('.json')) json[source.name] = await readJson(source, signal)

  requireShards(weights, json)
  for (const source of weights) {
    const header = await readHeader(source, signal)
    Object.assign(metadata, header.metadata)
    for (const [name, span] of header.tensors) {
      const other = entries.get(name)
      if (other)
        fail(
          'bad-weights',
          `The tensor "${name}" is in two files.`,
          'Choose the files of one model only.',
          `${other.source.name}, ${source.name}`,
        )
      entries.set(name, { ...span, source })
    }
  }
  for (const [file, content] of Object.entries(json))
    for (const [name, shard] of weightMap(content) ?? [])
      if (!entries.has(name))
        fail(
          'bad-weights',
          `The weights lack the tensor "${name}".`,
          `Get the file "${shard}" again from where it came.`,
          `"${file}" says that it is in "${shard}"`,
        )
  return { entries: resolveScales(entries), metadata, json }
}

function requireShards(weights: readonly ByteSource[], json: Readonly<Record<string, unknown>>): void {
  const here = new Set(weights.map(({ name }) => name))
  const needed = new Set<string>()
  for (const content of Object.values(json))
    for (const shard of (weightMap(content) ?? new Map<string, string>()).values()) needed.add(shard)
  for (const name of here) {
    const shard = shardName(name)
    for (let index = 1; shard && index <= shard.count; index++)
      needed.add(
        `${shard.stem}-${String(index).padStart(5, '0')}-of-${name.slice(-'00001.safetensors'.length)}`,
      )
  }
  const missing = [...needed].filter((name) => !here.has(name))
  if (missing.length)
    fail(
      'bad-weights',
      `The file "${missing[0]}" is missing.`,
      'Choose all parts of the model together, with their index file.',
      `missing: ${missing.slice(0, 8).join(', ')}`,
    )
}

const COMPANION = /^(.*)\.(scale_weight|weight_scale|scale_input|input_scale)$/
const MARK = 'scaled_fp8'

function resolveScales(entries: Map<string, TensorEntry>): Map<string, TensorEntry> {
  const plain = new Map<string, TensorEntry>()
  const scales = new Map<string, TensorEntry>()
  for (const [name, entry] of entries) {
    const companion = COMPANION.exec(name)
    const weight = companion && entries.get(`${companion[1]}.weight`)
    const isFp8 = weight?.dtype === 'F8_E4M3' || weight?.dtype === 'F8_E5M2'
    if (companion && isFp8) {
      // Scales of the input are for fp8 arithmetic, which we do not do.
      if (!companion[2].includes('input'))
        scales.set(`${companion[1]}.weight`, checkScale(name, entry, weight))
    } else if (name !== MARK && !name.endsWith(`.${MARK}`)) plain.set(name, entry)
  }
  for (const [name, scale] of scales) plain.set(name, { ...plain.get(name)!, scale })
  return plain
}

function checkScale(name: string, scale: TensorEntry, weight: TensorEntry): TensorEntry {
  const count = elements(scale)
  if (count !== 1 && count !== weight.shape[0])
    fail(
      'bad-weights',
      `The tensor "${name}" has the wrong shape.`,
      'Only fp8 weights with one scale per tensor or per row can be imported.',
      `expected [1] or [${weight.shape[0]}], found [${scale.shape.join(', ')}]`,
    )
  return scale
}

const elements = (entry: { shape: readonly number[] }): number =>
  entry.shape.reduce((product, size) => product * size, 1)

/** A checkpoint over tensors in memory. */
export const checkpointOf = (tensors: ReadonlyMap<string, StoredTensor>): Checkpoint => ({
  entries: resolveScales(
    new Map(
      [...tensors].map(([name, { dtype, shape, bytes }]) => [
        name,
        { dtype, shape, source: memoryBytes(bytes, name), begin: 0, end: bytes.byteLength },
      ]),
    ),
  ),
  metadata: {},
  json: {},
})

/** A whole tensor as stored; widened to f32 where it has a scale. */
export async function readTensor(entry: TensorEntry, signal?: AbortSignal): Promise<StoredTensor> {
  if (entry.scale) {
    const values = new Float32Array(elements(entry))
    await readRowsInto(entry, 0, entry.shape[0] ?? 1, values, signal)
    return { dtype: 'F32', shape: entry.shape, bytes: new Uint8Array(values.buffer) }
  }
  const bytes = await entry.source.read(entry.begin, entry.end, signal)
  return { dtype: entry.dtype, shape: entry.shape, bytes }
}

/** Numbers in one row of the first axis. */
export const rowSize = (entry: { shape: readonly number[] }): number =>
  entry.shape.slice(1).reduce((product, size) => product * size, 1)

/** Rows of the first axis, widened to f32. */
export async function readRows(
  entry: TensorEntry,
  first: number,
  rows: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = new Float32Array(rows * rowSize(entry))
  await readRowsInto(entry, first, rows, values, signal)
  return values
}

/** As `readRows`, into memory that the caller has; a number without axes is one row. */
export async function readRowsInto(
  entry: TensorEntry,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const cols = rowSize(entry)
  const stride = cols * TYPE_BYTES[entry.dtype]
  const begin = entry.begin + first * stride
  const end = begin + rows * stride
  if (begin < entry.begin || end > entry.end || out.length !== rows * cols)
    fail('internal', 'Rows outside of a tensor were asked for.', 'Report this.', `${first}+${rows}`)
  widenInto(entry.dtype, await entry.source.read(begin, end, signal), out)
  if (!entry.scale) return
  const perRow = elements(entry.scale) > 1
  // A single number is read as the one row of a [1] tensor.
  const scale = { ...entry.scale, shape: [elements(entry.scale)] }
  const scales = await readRows(scale, perRow ? first : 0, perRow ? rows : 1, signal)
  for (let row = 0; row < rows; row++) {
    const factor = scales[perRow ? row : 0]
    for (let i = row * cols; i < (row + 1) * cols; i++) out[i] *= factor
  }
}
