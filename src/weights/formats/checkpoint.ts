/** A checkpoint's table of tensors over one or many files; their bytes stay where they are until read. */
import { fail } from '@/base/errors'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { joinScales, resolveQuantised } from '@/weights/formats/quantised'
import { jsonDepth, readHeader, type StoredTensor } from '@/weights/formats/safetensors'
import type { TensorEntry } from '@/weights/formats/tensorEntry'

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
 * @throws bad-weights naming a shard or a tensor that is missing or there twice; unsupported naming a packed format; all
 * of `readHeader`'s.
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
  const file = weights[0]?.name ?? ''
  return { entries: await resolveQuantised(entries, metadata, file, signal), metadata, json }
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

/** A checkpoint over tensors in memory. */
export const checkpointOf = (tensors: ReadonlyMap<string, StoredTensor>): Checkpoint => ({
  entries: joinScales(
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
