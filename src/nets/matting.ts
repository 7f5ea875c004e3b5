/** Runs a network of others that cuts out, as its ONNX file has it: a photo in, a mask out. */
import type { Backend, Segment } from '@/backend/types'
import { fail, InlayError, problemOf } from '@/base/errors'
import type { Mask, Raster, Size } from '@/base/geometry'
import { MATTING, mattingSize, type MattingConfig } from '@/families/matting'
import type { Graph } from '@/onnx/graph'

const COLOURS = 3

export class MattingNet {
  private readonly backend: Backend
  private readonly config: MattingConfig
  private readonly segment: Segment

  private constructor(backend: Backend, config: MattingConfig, segment: Segment) {
    this.backend = backend
    this.config = config
    this.segment = segment
  }

  /**
   * @param hash names the model
   * @throws unsupported where the runtime has not all of its operators; out-of-memory
   */
  static async load(
    backend: Backend,
    config: MattingConfig,
    hash: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<MattingNet> {
    const graph: Graph = {
      key: `matting ${hash}`,
      inputs: [config.input],
      outputs: [config.output],
      rowwise: new Set(),
      flopsPerToken: 0,
      flops: 0,
      bytes,
    }
    return new MattingNet(backend, config, await told(() => backend.compile(graph)))
  }

  dispose(): void {
    void this.backend.release(this.segment)
  }

  /** What `predict` wants a photo to be resized to. */
  sizeFor(photo: Size): Size {
    return mattingSize(this.config, photo)
  }

  /** @param photo of `sizeFor`, opaque @returns how surely each place is the main object's, 255: surely; over the whole photo */
  async predict(photo: Raster): Promise<Mask> {
    const { backend, config } = this
    const { width, height } = maskSize(config, photo)
    const values = await told(async () => {
      const x = backend.upload(mattingInput(photo, config), [1, COLOURS, photo.height, photo.width], 'photo')
      try {
        const outputs = { [config.output]: [1, 1, height, width] }
        const { [config.output]: output } = await backend.run(this.segment, { [config.input]: x }, outputs)
        try {
          return await backend.read(output)
        } finally {
          backend.free(output)
        }
      } finally {
        backend.free(x)
      }
    })
    return { width, height, values: maskOf(values, config) }
  }
}

/** [3, height, width] as the network learnt to see colours. */
export function mattingInput({ data, width, height }: Raster, { of }: MattingConfig): Float32Array {
  const { mean, std } = MATTING[of]
  const area = width * height
  const values = new Float32Array(COLOURS * area)
  for (let c = 0; c < COLOURS; c++)
    for (let i = 0; i < area; i++) values[c * area + i] = (data[4 * i + c] / 255 - mean[c]) / std[c]
  return values
}

/** 0..255 of what the network gives. [height, width] */
export function maskOf(values: Float32Array, { of, isLogit }: MattingConfig): Uint8Array {
  const sure = isLogit ? values.map((value) => 1 / (1 + Math.exp(-value))) : values
  let [least, span] = [0, 1]
  if (MATTING[of].isStretched) {
    least = sure.reduce((low, value) => Math.min(low, value), Infinity)
    span = sure.reduce((high, value) => Math.max(high, value), -Infinity) - least
  }
  // The same everywhere: there is nothing to be seen. Numbers that are none become 0.
  return Uint8Array.from(sure, (value) =>
    span > 0 ? Math.round(255 * Math.min(1, Math.max(0, (value - least) / span))) : 0,
  )
}

const maskSize = ({ dims }: MattingConfig, photo: Size): Size => ({
  height: dims.at(-2) ?? photo.height,
  width: dims.at(-1) ?? photo.width,
})

/** How the runtime says that it lacks an operator, or that nobody knows it. */
const UNKNOWN_OPERATOR =
  /implementation for (\w+)\(\d+\)|No Op registered for (\w+)|:(\w+)\(-?\d+\) is not a registered/i

/** Errors of the runtime in our words. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const text = String(error)
    if (error instanceof InlayError || (error as Partial<Error> | null)?.name === 'AbortError') throw error
    if (
      problemOf(error).code === 'out-of-memory' ||
      /bad_alloc|failed to allocate|shape is too large/i.test(text)
    )
      return fail(
        'out-of-memory',
        'This model needs more memory than the browser gives.',
        'Choose a smaller one (u2netp, or weights of 8 or 16 bits), or the built-in one.',
        text,
      )
    const operator = UNKNOWN_OPERATOR.exec(text)?.slice(1).find(Boolean)
    return fail(
      'unsupported',
      operator
        ? `This model needs the operator ${operator}, which the runtime of this studio does not have.`
        : 'The runtime of this studio cannot run this model.',
      'Choose another export of it, or the built-in model.',
      text,
    )
  }
}
