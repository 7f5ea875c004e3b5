/** Weight packs: `manifest.json` plus safetensors shards, checked before anything is believed. */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { PackManifest, type ManifestOf, type PackFamily } from '@/schema/pack'
import { parseSafetensors, type StoredTensor } from '@/weights/safetensors'
import { take, type LinearWeights, type WeightSource } from '@/weights/source'

export interface OpenPack<F extends PackFamily = PackFamily> {
  manifest: ManifestOf<F>
  /** sha256 of the manifest, which holds the shards' own: names the exact weights. */
  hash: string
  url: string
}

const AGAIN = 'Reload the page; if it stays so, install the studio again.'

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function download(url: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response
  try {
    response = await fetch(url, { signal })
  } catch (error) {
    if (signal?.aborted) throw error
    return fail(
      'network',
      'The model could not be read.',
      'Check that the studio is still being served, then try again.',
      `${url}: ${String(error)}`,
    )
  }
  if (!response.ok)
    fail(
      'network',
      'The model could not be read.',
      'Check that the studio is complete, then try again.',
      `${url}: ${response.status}`,
    )
  return new Uint8Array(await response.arrayBuffer())
}

/** Reads and checks the manifest of a pack of one family. @throws bad-manifest, network */
export async function openPack<F extends PackFamily>(url: string, family: F): Promise<OpenPack<F>> {
  const folder = url.endsWith('/') ? url : `${url}/`
  const bytes = await download(`${folder}manifest.json`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    fail('bad-manifest', "The model's manifest is not valid JSON.", AGAIN, String(error))
  }
  const parsed = v.safeParse(PackManifest, json)
  if (!parsed.success) {
    const issue = parsed.issues[0]
    fail(
      'bad-manifest',
      "The model's manifest is broken.",
      AGAIN,
      `${v.getDotPath(issue) ?? '(root)'}: ${issue.message}`,
    )
  }
  if (parsed.output.family !== family)
    fail('bad-manifest', `This is not a model of the family ${family}.`, AGAIN, parsed.output.family)
  return { manifest: parsed.output as ManifestOf<F>, hash: await sha256(bytes), url: folder }
}

/** Downloads and verifies all shards. @throws hash-mismatch, bad-weights, network */
export async function readPack(
  pack: { manifest: PackManifest; url: string },
  onProgress: (loadedBytes: number, totalBytes: number) => void,
  signal?: AbortSignal,
): Promise<WeightSource> {
  const total = pack.manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0)
  const tensors = new Map<string, StoredTensor>()
  let loaded = 0
  for (const shard of pack.manifest.shards) {
    signal?.throwIfAborted()
    const bytes = await download(pack.url + shard.file, signal)
    const hash = await sha256(bytes)
    if (hash !== shard.sha256)
      fail(
        'hash-mismatch',
        `The weights file "${shard.file}" is damaged.`,
        AGAIN,
        `expected sha256 ${shard.sha256}, found ${hash}`,
      )
    for (const [name, tensor] of parseSafetensors(bytes, shard.file)) tensors.set(name, tensor)
    loaded += bytes.byteLength
    onProgress(loaded, total)
  }
  return new PackSource(pack.manifest, tensors)
}

class PackSource implements WeightSource {
  private readonly manifest: PackManifest
  private readonly tensors: ReadonlyMap<string, StoredTensor>

  constructor(manifest: PackManifest, tensors: ReadonlyMap<string, StoredTensor>) {
    this.manifest = manifest
    this.tensors = tensors
  }

  has(name: string): boolean {
    return name in this.manifest.tensors
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a throw becomes a rejection
  async tensor(name: string, shape: readonly number[]): Promise<Float32Array> {
    return take(this.tensors, name, shape)
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a throw becomes a rejection
  async linear(name: string, rows: number, cols: number): Promise<LinearWeights> {
    const weightName = `${name}.weight`
    const bias = this.has(`${name}.bias`) ? take(this.tensors, `${name}.bias`, [rows]) : null
    const entry = this.manifest.tensors[weightName]
    if (entry?.format !== 'q8') {
      // f16 is widened here: our graphs take f32 where the device lacks half floats.
      const weight = take(this.tensors, weightName, [rows, cols])
      return { rows, cols, format: 'f32', chunks: [{ rows, weight, scales: null }], bias, lora: null }
    }
    const blocks = Math.ceil(cols / 32)
    const stored = this.tensors.get(weightName)
    if (stored?.dtype !== 'U8' || stored.shape.join() !== [rows, blocks, 32].join())
      fail(
        'bad-weights',
        `The tensor "${weightName}" has the wrong shape.`,
        AGAIN,
        `expected U8 [${rows}, ${blocks}, 32], found ${stored ? `${stored.dtype} [${stored.shape.join(', ')}]` : 'nothing'}`,
      )
    const scales = take(this.tensors, `${weightName}.scale`, [rows, blocks])
    return { rows, cols, format: 'q8', chunks: [{ rows, weight: stored.bytes, scales }], bias, lora: null }
  }
}
