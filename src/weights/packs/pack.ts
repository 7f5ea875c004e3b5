/** Weight packs: `manifest.json` plus shards, checked before anything is believed; the built-in one over HTTP. */
import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { readPackManifest, type ManifestOf, type PackFamily, type PackManifest } from '@/schema/pack'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { openCheckpoint } from '@/weights/formats/checkpoint'
import { PackSource } from '@/weights/packs/packSource'
import type { WeightSource } from '@/weights/formats/source'

export interface OpenPack<F extends PackFamily = PackFamily> {
  manifest: ManifestOf<F>
  /** sha256 of the manifest, which holds the shards' own: names the exact weights. */
  hash: string
  url: string
}

const AGAIN = 'Reload the page; if it stays so, install the studio again.'

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

/** Reads a manifest's bytes. @throws bad-manifest with the place of the first fault */
export function parseManifest(bytes: Uint8Array, hint = AGAIN): PackManifest {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    fail('bad-manifest', "The model's manifest is not valid JSON.", hint, String(error))
  }
  const read = readPackManifest(json)
  return read.ok ? read.value : fail('bad-manifest', "The model's manifest is broken.", hint, read.reason)
}

/** Reads and checks the manifest of a pack of one family. @throws bad-manifest, network */
export async function openPack<F extends PackFamily>(url: string, family: F): Promise<OpenPack<F>> {
  const folder = url.endsWith('/') ? url : `${url}/`
  const bytes = await download(`${folder}manifest.json`)
  const manifest = parseManifest(bytes)
  if (manifest.family !== family)
    fail('bad-manifest', `This is not a model of the family ${family}.`, AGAIN, manifest.family)
  return { manifest: manifest as ManifestOf<F>, hash: await sha256(bytes), url: folder }
}

/** Downloads and verifies all shards. @throws hash-mismatch, bad-weights, network */
export async function readPack(
  pack: { manifest: PackManifest; url: string },
  onProgress: (loadedBytes: number, totalBytes: number) => void,
  signal?: AbortSignal,
): Promise<WeightSource> {
  const total = pack.manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0)
  const shards: ByteSource[] = []
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
    shards.push(memoryBytes(bytes, shard.file))
    loaded += bytes.byteLength
    onProgress(loaded, total)
  }
  const checkpoint = await openCheckpoint(shards, signal)
  return new PackSource(pack.manifest, () => Promise.resolve(checkpoint))
}
