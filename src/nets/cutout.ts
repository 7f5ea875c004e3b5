/**
 * The cut-out network: a U-Net from a photo of 128 x 128 to how surely each pixel belongs to its main object. The same in
 * PyTorch: training/cutout/model.py, whose names the parameters have. docs/cutout.md is the contract between the two.
 */
import type { Backend } from '@/backend/types'
import type { Mask, Raster } from '@/base/geometry'
import { ParameterSet } from '@/nets/parameterSet'
import { plainGraph, type Shape } from '@/nets/plainNet'
import { smallUnet, smallUnetParameters } from '@/nets/smallUnet'
import type { Graph } from '@/onnx/graph'
import type { SmallUnetConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

/** Pixels per side of what the network sees, and of the mask that it gives. */
export const CUTOUT_SIDE = 128
/** Cells per side of its map; each is 2 x 2 pixels, which are its channels, row by row. */
const CELLS = 64
const PER_CELL = CUTOUT_SIDE / CELLS
const COLOURS = 3

const cutoutParameters = (config: SmallUnetConfig): Shape[] =>
  smallUnetParameters(config, COLOURS, ['map', PER_CELL ** 2])

function cutoutGraph(config: SmallUnetConfig): Graph {
  const plain = plainGraph(`cutout ${JSON.stringify(config)}`, cutoutParameters(config))
  const input = plain.g.input('x', 'float32', [1, COLOURS, CUTOUT_SIDE, CUTOUT_SIDE])
  const { maps } = smallUnet(plain, config, input, 'map')
  plain.g.output(maps, 'cells', [1, PER_CELL ** 2, CELLS, CELLS])
  return plain.g.build()
}

export class CutoutNet {
  private readonly backend: Backend
  private readonly graph: Graph
  private readonly names: readonly string[]
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: SmallUnetConfig, parameters: ParameterSet) {
    this.backend = backend
    this.graph = cutoutGraph(config)
    this.names = cutoutParameters(config).map(([name]) => name)
    this.parameters = parameters
  }

  /** @throws bad-weights naming the first tensor that does not fit; out-of-memory */
  static async load(backend: Backend, config: SmallUnetConfig, source: WeightSource): Promise<CutoutNet> {
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, { linears: [], tensors: cutoutParameters(config) })
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return new CutoutNet(backend, config, parameters)
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** @param photo of 128 x 128, opaque @returns how surely each pixel is the main object's, 255: surely. [128, 128] */
  async predict(photo: Raster): Promise<Mask> {
    return maskOfCells(await this.run(photo))
  }

  /** What the network puts out as it comes: logits. [4, 64, 64] */
  async run(photo: Raster): Promise<Float32Array> {
    const { backend } = this
    const x = backend.upload(cutoutInput(photo), [1, COLOURS, CUTOUT_SIDE, CUTOUT_SIDE], 'photo')
    const inputs = {
      x,
      ...Object.fromEntries(this.names.map((name) => [name, this.parameters.tensor(name)])),
    }
    try {
      const { cells } = await backend.run(await backend.compile(this.graph), inputs, {
        cells: [1, PER_CELL ** 2, CELLS, CELLS],
      })
      try {
        return await backend.read(cells)
      } finally {
        backend.free(cells)
      }
    } finally {
      backend.free(x)
    }
  }
}

/** What the network sees of a photo: encoded colour about grey. [3, 128, 128] */
function cutoutInput({ data }: Raster): Float32Array {
  const area = CUTOUT_SIDE * CUTOUT_SIDE
  return Float32Array.from(
    { length: COLOURS * area },
    (_, at) => data[(at % area) * 4 + Math.floor(at / area)] / 127.5 - 1,
  )
}

function maskOfCells(cells: Float32Array): Mask {
  const values = new Uint8Array(CUTOUT_SIDE * CUTOUT_SIDE)
  for (let pixel = 0; pixel < values.length; pixel++) {
    const x = pixel % CUTOUT_SIDE
    const y = (pixel - x) / CUTOUT_SIDE
    const channel = (y % PER_CELL) * PER_CELL + (x % PER_CELL)
    const cell = Math.floor(y / PER_CELL) * CELLS + Math.floor(x / PER_CELL)
    values[pixel] = Math.round(255 / (1 + Math.exp(-cells[channel * CELLS * CELLS + cell])))
  }
  return { width: CUTOUT_SIDE, height: CUTOUT_SIDE, values }
}
