/** A golden case's files: config, tensors, siblings. Shapes and sizes come from here, never from the name. */
import { fail } from '@/base/errors'
import { parseSafetensors, toFloat32, type StoredTensor } from '@/weights/formats/safetensors'

export interface Tolerance {
  abs: number
  rel: number
}

export interface HostTensor {
  shape: readonly number[]
  data: Float32Array
}

export class GoldenCase {
  readonly name: string
  readonly config: Record<string, unknown>
  private readonly url: string
  private readonly root: string

  private constructor(root: string, name: string, config: Record<string, unknown>) {
    this.root = root
    this.url = `${root}/${name}`
    this.name = name
    this.config = config
  }

  /** @param folder address of the folder of cases, with or without a slash at the end */
  static async open(folder: string, name: string): Promise<GoldenCase> {
    const root = folder.replace(/\/+$/, '')
    const response = await fetch(`${root}/${name}/config.json`)
    if (!response.ok)
      fail('missing-asset', `The case "${name}" has no config.json.`, 'Check the folder.', root)
    return new GoldenCase(root, name, (await response.json()) as Record<string, unknown>)
  }

  /** A case in a folder beside this one, as `../other` names it. */
  sibling(path: string): Promise<GoldenCase> {
    return GoldenCase.open(this.root, path.replace(/^(\.\.\/)+/, ''))
  }

  async json<T>(file: string): Promise<T> {
    return JSON.parse(await (await this.file(file)).text()) as T
  }

  async tensors(file: string): Promise<Map<string, StoredTensor>> {
    const bytes = new Uint8Array(await (await this.file(file)).arrayBuffer())
    return parseSafetensors(bytes, `${this.name}/${file}`)
  }

  /**
   * A file of the case, unpacked where the config's `gzip` names it (it then lies there as `NAME.gz`). The config says so
   * because servers answer for files that they lack.
   * @throws missing-asset
   */
  async file(file: string): Promise<Blob> {
    const packed = ((this.config.gzip ?? []) as readonly string[]).includes(file)
    const response = await fetch(`${this.url}/${file}${packed ? '.gz' : ''}`)
    if (!response.ok) fail('missing-asset', `The case "${this.name}" has no ${file}.`, 'Check the folder.')
    const blob = await response.blob()
    return packed ? unpacked(blob) : blob
  }

  number(key: string, fallback?: number): number {
    const value = this.config[key] ?? fallback
    if (typeof value !== 'number')
      fail('bad-document', `${this.name}: config lacks the number "${key}".`, 'Check the case.')
    return value
  }

  /** The case's tolerance; loops and trajectories get ten times as much unless the config says otherwise. */
  tolerance(kind: 'single' | 'loop' = 'single'): Tolerance {
    const given = (this.config.tolerance ?? {}) as Partial<Tolerance> & { loop?: Tolerance }
    const base = { abs: given.abs ?? 5e-5, rel: given.rel ?? 5e-4 }
    if (kind === 'single') return base
    return given.loop ?? { abs: base.abs * 10, rel: base.rel * 10 }
  }
}

/** What gzip's files begin with; as the length of a safetensors header it would be 559,903. */
const GZIP = [0x1f, 0x8b, 8]

/** The blob's content; some servers send .gz files as encoded ones, which browsers then have unpacked already. */
async function unpacked(blob: Blob): Promise<Blob> {
  const start = new Uint8Array(await blob.slice(0, GZIP.length).arrayBuffer())
  if (!GZIP.every((byte, i) => start[i] === byte)) return blob
  return new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).blob()
}

export function hostTensor(tensors: ReadonlyMap<string, StoredTensor>, name: string): HostTensor {
  const tensor = tensors.get(name)
  if (!tensor) fail('missing-asset', `The case lacks the tensor "${name}".`, 'Check the folder.')
  return { shape: tensor.shape, data: toFloat32(tensor) }
}
