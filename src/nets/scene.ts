/**
 * The scene network: what a picture says of its camera, ground and light. It looks once; what is ambiguous is drawn from
 * noise by a rectified flow, so that every draw is a plausible scene and none the mean of all. The same in PyTorch:
 * training/scene/model.py, whose names the parameters have. docs/scene.md is the contract between the two.
 */
import type { Backend, Tensor } from '@/backend/types'
import { clamp, type Raster } from '@/base/geometry'
import { ParameterSet } from '@/nets/parameterSet'
import { convShapes, linearShapes, plainGraph, residualShapes, type Shape } from '@/nets/plainNet'
import { sinusoid } from '@/nets/timeEmbedding'
import type { Graph, GraphBuilder, Value } from '@/onnx/graph'
import { geluTanh, silu } from '@/onnx/layers'
import { attention } from '@/onnx/transformer'
import type { SceneConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

/** Pixels per side of the square that the network sees; the picture's longer side fills it. */
export const SCENE_INPUT = 192
/** Cells per side of its map of the ground. */
const SCENE_GROUND = 48
/** Bins of the light's histogram: equal steps of elevation from 0 to 90 degrees, of azimuth from -180 degrees. */
export const ELEVATIONS = 4
export const AZIMUTHS = 16

const CHANNELS = 4
/** Tokens of the picture: 12 x 12 cells. */
const CELLS = 144
/** Tokens of a scene: camera, colours, gloss, and the light of each azimuth; what each of these is made of. */
const [CAMERA, COLOURS, GLOSS, LIGHT] = [3, 7, 2, ELEVATIONS * AZIMUTHS]
const TOKENS = 3 + AZIMUTHS
/** Numbers of a scene. */
export const SCENE_NUMBERS = CAMERA + COLOURS + GLOSS + LIGHT
const CLOCK = 64
const EPSILON = 1e-5

/** Red, green, blue. */
type Colour = [number, number, number]

/** A scene as the network draws it. */
export interface DrawnScene {
  /** How far the horizon lies above the picture's centre, across the horizon, in longer sides of the picture. */
  horizon: number
  /** How far the horizon is turned clockwise, radians. */
  tilt: number
  /** Focal length in longer sides of the picture. */
  focal: number
  /** Share of the ground's irradiance that comes from the brightest cone of 20 degrees about its axis, 0..1: the key. */
  sharpness: number
  /** Colours of the key and of all other light, linear, luma 1. */
  key: Colour
  ambient: Colour
  /** Of the ground's coat: strength and roughness, 0..1. */
  reflectance: number
  roughness: number
  /** Where the ground's irradiance comes from; sums to 1. [ELEVATIONS, AZIMUTHS] */
  light: Float32Array
}

/** What looks at the picture. */
function lookParameters({ widths, depth, hidden }: SceneConfig): Shape[] {
  const deepest = widths[widths.length - 1]
  return [
    ...widths.flatMap((width, level) =>
      convShapes(`shrink.${level}`, width, level === 0 ? CHANNELS : widths[level - 1], 4),
    ),
    ...widths
      .slice(1)
      .flatMap((width, level) =>
        blockNames(level, depth[level]).flatMap((name) => residualShapes(name, width)),
      ),
    ...widths
      .slice(1, -1)
      .flatMap((width, level) => convShapes(`grow.${level}`, width, widths[level + 2], 1)),
    ...widths.slice(1, -1).flatMap((width, level) => residualShapes(`up.${level}`, width)),
    ...convShapes('ground', 1, widths[1], 3),
    ...linearShapes('picture', hidden, deepest),
    ['place', [CELLS, hidden]],
    ...linearShapes('vote.0', hidden, hidden),
    ...linearShapes('vote.2', LIGHT, hidden),
  ]
}

const blockNames = (level: number, count: number): string[] =>
  Array.from({ length: count }, (_, block) => `down.${level}.${block}`)

/** What draws scenes. */
function flowParameters({ hidden, blocks }: SceneConfig): Shape[] {
  const parts = [CAMERA, COLOURS, GLOSS, ELEVATIONS]
  // What is read of the light: the noisy one, and the votes.
  const read = [CAMERA, COLOURS, GLOSS, 2 * ELEVATIONS]
  const block = (name: string): Shape[] => [
    ...linearShapes(`${name}.q`, hidden, hidden),
    ...linearShapes(`${name}.out`, hidden, hidden),
    ...linearShapes(`${name}.kv`, 2 * hidden, hidden),
    ...linearShapes(`${name}.kv_picture`, 2 * hidden, hidden),
    ...linearShapes(`${name}.mlp.0`, 3 * hidden, hidden),
    ...linearShapes(`${name}.mlp.2`, hidden, 3 * hidden),
    ...linearShapes(`${name}.time`, 6 * hidden, hidden),
  ]
  return [
    ['token', [TOKENS, hidden]],
    ...read.flatMap((width, part) => linearShapes(`read.${part}`, hidden, width)),
    ...parts.flatMap((width, part) => linearShapes(`write.${part}`, width, hidden)),
    ...linearShapes('clock.0', hidden, CLOCK),
    ...linearShapes('clock.2', hidden, hidden),
    ...Array.from({ length: blocks }, (_, index) => block(`blocks.${index}`)).flat(),
    ['norm.weight', [hidden]],
    ['norm.bias', [hidden]],
  ]
}

function lookGraph(config: SceneConfig): Graph {
  const { widths, depth, hidden } = config
  const { g, parameter, convolve, dense, residual, reshape, doubled } = plainGraph(
    `scene look ${JSON.stringify(config)}`,
    lookParameters(config),
  )
  let x = g.input('x', 'float32', [1, CHANNELS, SCENE_INPUT, SCENE_INPUT])
  const skips: Value[] = []
  for (const level of widths.keys()) {
    x = convolve(`shrink.${level}`, level > 0 ? silu(g, x) : x, 2)
    if (level > 0) for (const name of blockNames(level - 1, depth[level - 1])) x = residual(name, x)
    skips.push(x) // [1, widths[level], 96 >> level, 96 >> level]
  }
  const cells = g.node('Transpose', [reshape(x, [-1, CELLS])], { perm: [1, 0] }) // [144, deepest]
  const tokens = g.node('Add', [dense('picture', cells), parameter('place')])
  g.output(tokens, 'tokens', [CELLS, hidden])
  const even = g.floats(new Array<number>(CELLS).fill(1 / CELLS), [1, CELLS])
  const votes = g.node('MatMul', [even, dense('vote.2', silu(g, dense('vote.0', tokens)))]) // [1, LIGHT]
  g.output(g.node('Softmax', [votes], { axis: -1 }), 'votes', [1, LIGHT])
  for (let level = widths.length - 3; level >= 0; level--) {
    const grown = doubled(convolve(`grow.${level}`, x))
    x = residual(`up.${level}`, g.node('Add', [grown, skips[level + 1]]))
  }
  g.output(convolve('ground', silu(g, x)), 'ground', [1, 1, SCENE_GROUND, SCENE_GROUND])
  return g.build()
}

/** One evaluation of the flow for so many draws at once. */
function flowGraph(config: SceneConfig, draws: number): Graph {
  const { hidden, heads, blocks } = config
  const { g, parameter, dense, reshape } = plainGraph(
    `scene flow ${draws} ${JSON.stringify(config)}`,
    flowParameters(config),
  )
  const noisy = g.input('noisy', 'float32', [draws, SCENE_NUMBERS])
  const clock = g.input('clock', 'float32', [1, CLOCK])
  const picture = g.input('picture', 'float32', [CELLS, hidden])
  const votes = g.input('votes', 'float32', [1, LIGHT])

  const [camera, colours, gloss, light] = g.split(noisy, [CAMERA, COLOURS, GLOSS, LIGHT])
  // The votes in the flow's own numbers; see `decodedScene`.
  const root = g.node('Sqrt', [g.node('Mul', [votes, g.floats([LIGHT], [1])])])
  const told = g.node('Expand', [g.node('Sub', [root, g.floats([0.7], [1])]), g.ints([draws, LIGHT])])
  const byAzimuth = [light, told].map((bins) =>
    g.node('Transpose', [reshape(bins, [draws, ELEVATIONS, AZIMUTHS])], { perm: [0, 2, 1] }),
  )
  const lights = reshape(g.node('Concat', byAzimuth, { axis: 2 }), [draws * AZIMUTHS, 2 * ELEVATIONS])
  const parts = [camera, colours, gloss, lights].map((part, at) =>
    reshape(dense(`read.${at}`, part), [draws, -1, hidden]),
  )
  const tokens = g.node('Add', [g.node('Concat', parts, { axis: 1 }), parameter('token')])
  const time = silu(g, dense('clock.2', silu(g, dense('clock.0', clock)))) // [1, hidden]

  let x = reshape(tokens, [draws * TOKENS, hidden])
  const ones = g.floats(new Array<number>(hidden).fill(1), [hidden])
  const shifted = (value: Value, shift: Value, scale: Value): Value => {
    const normed = g.node('LayerNormalization', [value, ones], { axis: -1, epsilon: { float: EPSILON } })
    return g.node('Add', [g.node('Mul', [normed, plusOne(g, scale)]), shift])
  }
  const gated = (gate: Value, value: Value): Value => g.node('Mul', [plusOne(g, gate), value])
  for (let index = 0; index < blocks; index++) {
    const name = `blocks.${index}`
    const [shift, scale, gate, shiftMlp, scaleMlp, gateMlp] = g.split(
      dense(`${name}.time`, time),
      new Array<number>(6).fill(hidden),
    ) // [1, hidden] each
    const y = shifted(x, shift, scale)
    const seen = reshape(dense(`${name}.kv_picture`, picture), [1, CELLS, 2 * hidden])
    const each = g.node('Expand', [seen, g.ints([draws, CELLS, 2 * hidden])])
    const own = reshape(dense(`${name}.kv`, y), [draws, TOKENS, 2 * hidden])
    const [k, v] = g.split(g.node('Concat', [own, each], { axis: 1 }), [hidden, hidden])
    const q = reshape(dense(`${name}.q`, y), [draws, TOKENS, hidden])
    const scaled = { heads, scale: 1 / Math.sqrt(hidden / heads) }
    const attended = reshape(attention(g, { q, k, v, bias: null }, scaled), [draws * TOKENS, hidden])
    x = g.node('Add', [x, gated(gate, dense(`${name}.out`, attended))])
    const up = geluTanh(g, dense(`${name}.mlp.0`, shifted(x, shiftMlp, scaleMlp)))
    x = g.node('Add', [x, gated(gateMlp, dense(`${name}.mlp.2`, up))])
  }
  x = g.node('LayerNormalization', [x, parameter('norm.weight'), parameter('norm.bias')], {
    axis: -1,
    epsilon: { float: EPSILON },
  })
  const rows = [1, 1, 1, AZIMUTHS]
  const written = g
    .nodes1('Split', [reshape(x, [draws, TOKENS, hidden]), g.ints(rows)], { axis: 1 }, rows.length)
    .map((part, at) => dense(`write.${at}`, reshape(part, [draws * rows[at], hidden])))
  const byElevation = g.node('Transpose', [reshape(written[3], [draws, AZIMUTHS, ELEVATIONS])], {
    perm: [0, 2, 1],
  })
  const all = [...written.slice(0, 3), reshape(byElevation, [draws, LIGHT])]
  g.output(g.node('Concat', all, { axis: 1 }), 'velocity', [draws, SCENE_NUMBERS])
  return g.build()
}

const plusOne = (g: GraphBuilder, x: Value): Value => g.node('Add', [x, g.floats([1], [1])])

/** What the network has seen of one picture; its owner frees it. */
export interface SeenPicture {
  tokens: Tensor // [144, hidden]
  /** How surely the ground's light comes from each bin of the histogram; sums to 1. */
  votes: Tensor // [1, ELEVATIONS * AZIMUTHS]
  /** How surely each cell is ground, 0..1. [48, 48] over the padded square */
  ground: Float32Array
}

export class SceneNet {
  private readonly backend: Backend
  private readonly config: SceneConfig
  private readonly parameters: ParameterSet
  private readonly seeing: Graph
  /** By the number of draws. */
  private readonly flows = new Map<number, Graph>()

  private constructor(backend: Backend, config: SceneConfig, parameters: ParameterSet) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
    this.seeing = lookGraph(config)
  }

  /** Every step of a reading asks for the same. */
  private flowing(draws: number): Graph {
    const graph = this.flows.get(draws) ?? flowGraph(this.config, draws)
    this.flows.set(draws, graph)
    return graph
  }

  /** @throws bad-weights naming the first tensor that does not fit; out-of-memory */
  static async load(backend: Backend, config: SceneConfig, source: WeightSource): Promise<SceneNet> {
    const parameters = new ParameterSet(backend)
    const tensors = [...lookParameters(config), ...flowParameters(config)]
    try {
      await parameters.load(source, { linears: [], tensors })
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return new SceneNet(backend, config, parameters)
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** @param picture `sceneInput`'s. [4, 192, 192] */
  async look(picture: Float32Array): Promise<SeenPicture> {
    const { backend, config } = this
    const x = backend.upload(picture, [1, CHANNELS, SCENE_INPUT, SCENE_INPUT], 'picture')
    try {
      const { tokens, votes, ground } = await backend.run(
        await backend.compile(this.seeing),
        { x, ...this.named(lookParameters(config)) },
        {
          tokens: [CELLS, config.hidden],
          votes: [1, LIGHT],
          ground: [1, 1, SCENE_GROUND, SCENE_GROUND],
        },
      )
      try {
        const shares = (await backend.read(ground)).map((value) => 1 / (1 + Math.exp(-value)))
        return { tokens, votes, ground: shares }
      } catch (error) {
        backend.free(tokens, votes)
        throw error
      } finally {
        backend.free(ground)
      }
    } finally {
      backend.free(x)
    }
  }

  /**
   * Which way the flow goes: noise - scene.
   * @param scenes encoded. [draws, SCENE_NUMBERS]
   * @param time 1 is noise, 0 a scene
   */
  async velocity({ tokens, votes }: SeenPicture, scenes: Float32Array, time: number): Promise<Float32Array> {
    const { backend, config } = this
    const dims = [scenes.length / SCENE_NUMBERS, SCENE_NUMBERS]
    const noisy = backend.upload(scenes.slice(), dims, 'scenes')
    const clock = backend.upload(sinusoid([1000 * time], CLOCK), [1, CLOCK], 'time')
    try {
      const { velocity } = await backend.run(
        await backend.compile(this.flowing(dims[0])),
        { noisy, clock, picture: tokens, votes, ...this.named(flowParameters(config)) },
        { velocity: dims },
      )
      try {
        return await backend.read(velocity)
      } finally {
        backend.free(velocity)
      }
    } finally {
      backend.free(noisy, clock)
    }
  }

  free({ tokens, votes }: SeenPicture): void {
    this.backend.free(tokens, votes)
  }

  private named(parameters: readonly Shape[]): Record<string, Tensor> {
    return Object.fromEntries(parameters.map(([name]) => [name, this.parameters.tensor(name)]))
  }
}

/**
 * What the network sees of a picture.
 * @param picture opaque, its longer side SCENE_INPUT pixels
 * @returns colour about grey, and where the picture is; the picture in the middle of a square. [4, 192, 192]
 */
export function sceneInput({ data, width, height }: Raster): Float32Array {
  const area = SCENE_INPUT * SCENE_INPUT
  const out = new Float32Array(CHANNELS * area)
  out.fill(-1, 3 * area)
  const left = Math.floor((SCENE_INPUT - width) / 2)
  const top = Math.floor((SCENE_INPUT - height) / 2)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (top + y) * SCENE_INPUT + left + x
      for (let c = 0; c < 3; c++) out[c * area + at] = data[(y * width + x) * 4 + c] / 127.5 - 1
      out[3 * area + at] = 1
    }
  return out
}

/** Numbers of about unit size, as the flow draws them, in units. [SCENE_NUMBERS] */
export function decodedScene(x: Float32Array): DrawnScene {
  const colour = (from: number): Colour => [
    Math.exp(x[from] / 4),
    Math.exp(x[from + 1] / 4),
    Math.exp(x[from + 2] / 4),
  ]
  const light = x.slice(CAMERA + COLOURS + GLOSS).map((value) => Math.max(0, value + 0.7) ** 2)
  const whole = Math.max(
    1e-6,
    light.reduce((sum, value) => sum + value, 0),
  )
  return {
    horizon: x[0] / 4,
    tilt: x[1] / 30,
    focal: Math.exp(x[2] / 3),
    sharpness: clamp((x[3] + 2) / 4, 0, 1),
    key: colour(4),
    ambient: colour(7),
    reflectance: clamp((x[10] + 0.5) / 3, 0, 1),
    roughness: clamp((x[11] + 0.5) / 3, 0, 1),
    light: light.map((value) => value / whole),
  }
}
