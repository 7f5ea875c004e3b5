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

  /** @throws missing-asset */
  async file(file: string): Promise<Blob> {
    const response = await fetch(`${this.url}/${file}`)
    if (!response.ok) fail('missing-asset', `The case "${this.name}" has no ${file}.`, 'Check the folder.')
    return response.blob()
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

export function hostTensor(tensors: ReadonlyMap<string, StoredTensor>, name: string): HostTensor {
  const tensor = tensors.get(name)
  if (!tensor) fail('missing-asset', `The case lacks the tensor "${name}".`, 'Check the folder.')
  return { shape: tensor.shape, data: toFloat32(tensor) }
}
