/** The numbers of a net in strips: convolutions on the device, GroupNorm's on the host, where they meet its statistics. */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import { f16ToF32 } from '@/base/half'
import { projections, type ConvStep, type Step } from '@/nets/strips/steps'
import { dequantiseLinear, type WeightSource } from '@/weights/formats/source'

interface Norm {
  readonly gain: Float32Array
  readonly offset: Float32Array
}

interface Conv {
  weight: Tensor // [cout, cin, kernel, kernel], f32
  bias: Tensor // [cout]
}

export class ConvParameters {
  private readonly backend: Backend
  private readonly convs = new Map<string, Conv>()
  private readonly norms = new Map<string, Norm>()

  private constructor(backend: Backend) {
    this.backend = backend
  }

  /** @throws bad-weights naming the first tensor that is missing or has another shape */
  static async load(backend: Backend, steps: readonly Step[], source: WeightSource): Promise<ConvParameters> {
    const parameters = new ConvParameters(backend)
    try {
      for (const step of steps) await parameters.add(step, source)
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return parameters
  }

  dispose(): void {
    for (const { weight, bias } of this.convs.values()) this.backend.free(weight, bias)
    this.convs.clear()
    this.norms.clear()
  }

  /** A convolution's inputs as its graph names them. */
  bind({ name, saves }: ConvStep): Record<string, Tensor> {
    const { weight, bias } = this.conv(name)
    if (!saves?.shortcut) return { weight, bias }
    const shortcut = this.conv(saves.shortcut)
    return { weight, bias, shortcutWeight: shortcut.weight, shortcutBias: shortcut.bias }
  }

  norm(name: string): Norm {
    return this.norms.get(name) ?? fail('internal', `The norm ${name} was not loaded.`, 'Report this.')
  }

  private conv(name: string): Conv {
    return this.convs.get(name) ?? fail('internal', `The convolution ${name} was not loaded.`, 'Report this.')
  }

  private async add(step: Step, source: WeightSource): Promise<void> {
    if (step.kind === 'attention') {
      for (const part of projections(step)) await this.add(part, source)
      return
    }
    const { name, norm, saves, cin, cout, kernel } = step
    if (norm && !this.norms.has(norm.name))
      this.norms.set(norm.name, {
        gain: await source.tensor(`${norm.name}.weight`, [cin]),
        offset: await source.tensor(`${norm.name}.bias`, [cin]),
      })
    const linear = name.includes('.attentions.')
    await this.upload(name, [cout, cin, kernel, kernel], source, linear)
    if (saves?.shortcut) await this.upload(saves.shortcut, [cout, cin, 1, 1], source, false)
  }

  /** @param linear stored as a linear [cout, cin], possibly quantised */
  private async upload(name: string, shape: number[], source: WeightSource, linear: boolean): Promise<void> {
    const [cout, cin] = shape
    const weight = linear
      ? await widened(name, cout, cin, source)
      : await source.tensor(`${name}.weight`, shape)
    const bias = await source.tensor(`${name}.bias`, [cout])
    this.convs.set(name, {
      weight: this.backend.uploadWeights(weight, shape, `${name}.weight`),
      bias: this.backend.uploadWeights(bias, [cout], `${name}.bias`),
    })
  }
}

/** A linear's weights [rows, cols] as f32. */
async function widened(
  name: string,
  rows: number,
  cols: number,
  source: WeightSource,
): Promise<Float32Array> {
  const { chunks } = dequantiseLinear(await source.linear(name, rows, cols))
  const out = new Float32Array(rows * cols)
  let at = 0
  for (const { weight } of chunks) {
    out.set(weight instanceof Uint16Array ? f16ToF32(weight) : weight, at)
    at += weight.length
  }
  return out
}
