/**
 * The geometry network: a U-Net from a cut-out of 128 x 128 to maps of 64 x 64 that say where its surfaces stand, and to
 * the camera that it was seen with. The same in PyTorch: training/geometry/model.py, whose names the parameters have.
 */
import type { Backend } from '@/backend/types'
import type { Graph } from '@/onnx/graph'
import { silu } from '@/onnx/layers'
import { ParameterSet } from '@/nets/parameterSet'
import { linearShapes, plainGraph, type Shape } from '@/nets/plainNet'
import { smallUnet, smallUnetParameters } from '@/nets/smallUnet'
import type { SmallUnetConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

/** Pixels per side of the square crop that the network sees. */
export const GEOMETRY_INPUT = 128
/** Cells per side of its maps. */
export const GEOMETRY_GRID = 64
/** Longer side of the alpha box over the crop's side; the box lies in the crop's middle. */
export const GEOMETRY_BOX = 7 / 8

const CHANNELS = 6

/** Lengths in units of the longer side of the cut-out's box. */
export interface GeometryMaps {
  /** Elevation of the nearest surface's foot row above the box's bottom. [64, 64] */
  front: Float32Array
  /** How much higher the farthest surface's foot row is, at least 0. [64, 64] */
  gap: Float32Array
  /** How surely a cell touches the ground, 0..1. [64, 64] */
  contact: Float32Array
  /** Unit normals in a camera that looks at the crop's middle: x right, y down, z into the picture. [3, 64, 64] */
  normals: Float32Array
  /** How far below the level the crop's middle is seen, radians. */
  sight: number
  /** Focal length in longer sides of the box. */
  focal: number
}

/** Every parameter. */
function geometryParameters(config: SmallUnetConfig): Shape[] {
  const deepest = config.widths[config.widths.length - 1]
  return [
    ...smallUnetParameters(config, CHANNELS, ['maps', CHANNELS]),
    ...linearShapes('camera.0', deepest, deepest),
    ...linearShapes('camera.2', 2, deepest),
  ]
}

function geometryGraph(config: SmallUnetConfig): Graph {
  const plain = plainGraph(`geometry ${JSON.stringify(config)}`, geometryParameters(config))
  const { g, dense } = plain
  const input = g.input('x', 'float32', [1, CHANNELS, GEOMETRY_INPUT, GEOMETRY_INPUT])
  const { maps, mean } = smallUnet(plain, config, input, 'maps')
  g.output(maps, 'maps', [1, CHANNELS, GEOMETRY_GRID, GEOMETRY_GRID])
  g.output(dense('camera.2', silu(g, dense('camera.0', mean))), 'camera', [1, 2])
  return g.build()
}

export class GeometryNet {
  private readonly backend: Backend
  private readonly graph: Graph
  private readonly names: readonly string[]
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: SmallUnetConfig, parameters: ParameterSet) {
    this.backend = backend
    this.graph = geometryGraph(config)
    this.names = geometryParameters(config).map(([name]) => name)
    this.parameters = parameters
  }

  /** @throws bad-weights naming the first tensor that does not fit; out-of-memory */
  static async load(backend: Backend, config: SmallUnetConfig, source: WeightSource): Promise<GeometryNet> {
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, { linears: [], tensors: geometryParameters(config) })
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return new GeometryNet(backend, config, parameters)
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** @param picture `geometryInput`'s. [6, 128, 128] */
  async predict(picture: Float32Array): Promise<GeometryMaps> {
    const { maps, camera } = await this.run(picture)
    return inUnits(maps, camera)
  }

  /** What the network puts out as it comes: maps [6, 64, 64] and camera [2]. */
  async run(picture: Float32Array): Promise<{ maps: Float32Array; camera: Float32Array }> {
    const { backend } = this
    const x = backend.upload(picture, [1, CHANNELS, GEOMETRY_INPUT, GEOMETRY_INPUT], 'cut-out')
    const inputs = {
      x,
      ...Object.fromEntries(this.names.map((name) => [name, this.parameters.tensor(name)])),
    }
    try {
      const segment = await backend.compile(this.graph)
      const { maps, camera } = await backend.run(segment, inputs, {
        maps: [1, CHANNELS, GEOMETRY_GRID, GEOMETRY_GRID],
        camera: [1, 2],
      })
      try {
        return { maps: await backend.read(maps), camera: await backend.read(camera) }
      } finally {
        backend.free(maps, camera)
      }
    } finally {
      backend.free(x)
    }
  }
}

/**
 * What the network sees of a cut-out.
 * @param colour straight, encoded, 0..1. [3, 128, 128]
 * @param alpha 0..1 [128, 128]
 * @param bottom the box's lower edge as a share of the crop's side
 * @returns premultiplied colour about grey, alpha, height above the box's bottom, place across. [6, 128, 128]
 */
export function geometryInput(colour: Float32Array, alpha: Float32Array, bottom: number): Float32Array {
  const side = GEOMETRY_INPUT
  const area = side * side
  const out = new Float32Array(CHANNELS * area)
  for (let pixel = 0; pixel < area; pixel++) {
    for (let c = 0; c < 3; c++) out[c * area + pixel] = (colour[c * area + pixel] - 0.5) * alpha[pixel] * 2
    const across = ((pixel % side) + 0.5) / side
    const down = (Math.floor(pixel / side) + 0.5) / side
    out[3 * area + pixel] = alpha[pixel] * 2 - 1
    out[4 * area + pixel] = (bottom - down) / GEOMETRY_BOX - 0.5
    out[5 * area + pixel] = (across - 0.5) / GEOMETRY_BOX
  }
  return out
}

/** A focal length that is usual, in longer sides of the box; the network says how far off it is. */
const USUAL_FOCAL = 2.5

/** maps [6, 64, 64] and camera [2] as they come -> units. */
function inUnits(maps: Float32Array, camera: Float32Array): GeometryMaps {
  const area = GEOMETRY_GRID * GEOMETRY_GRID
  const channel = (index: number): Float32Array => maps.slice(index * area, (index + 1) * area)
  const normals = maps.slice(3 * area)
  for (let cell = 0; cell < area; cell++) {
    const length = Math.hypot(normals[cell], normals[area + cell], normals[2 * area + cell])
    for (let axis = 0; axis < 3; axis++) normals[axis * area + cell] /= Math.max(1e-3, length)
  }
  return {
    front: channel(0),
    gap: channel(1).map((value) => Math.log1p(Math.exp(value - 2))),
    contact: channel(2).map((value) => 1 / (1 + Math.exp(-value))),
    normals,
    sight: camera[0] * 0.3 + 0.25,
    focal: USUAL_FOCAL * Math.exp(camera[1] * 0.5),
  }
}
