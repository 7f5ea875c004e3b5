/**
 * Networks of others that cut out the main object of a photo, each published as an ONNX file: how they are told apart, and how
 * a photo becomes their input and their output a mask. docs/cutout.md has the same in words.
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Size } from '@/base/geometry'
import { count } from '@/families/sizes'

/** What its file is called in a pack. */
export const MATTING_FILE = 'model.onnx'

/** An input or output of an ONNX graph. */
export interface OnnxValue {
  name: string
  /** TensorProto.DataType; 1 is float32. */
  type: number
  /** null: any size. */
  dims: readonly (number | null)[]
}

export interface OnnxNode {
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  /** Of convolutions. */
  strides: readonly number[]
}

/** What an ONNX file says beside its weights. */
export interface OnnxHeader {
  /** Without weights, which older files list among them. */
  inputs: readonly OnnxValue[]
  outputs: readonly OnnxValue[]
  nodes: readonly OnnxNode[]
  /** Files that hold weights of it. */
  external: readonly string[]
  parameters: number
}

interface Matting {
  name: string
  /** What the input is made of encoded colours 0..1: (colour - mean) / std, red, green, blue. */
  mean: readonly [number, number, number]
  std: readonly [number, number, number]
  /** Where the graph takes any size: the whole photo in a square of this side, */
  side: number
  /** or in its own shape, its shorter side as long as that. */
  keepsShape: boolean
  /** The mask's least and greatest value become 0 and 1, as its authors do it. */
  isStretched: boolean
}

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const
const HALF = [0.5, 0.5, 0.5] as const

export const MATTING_KINDS = ['u2net', 'isnet', 'birefnet', 'modnet'] as const
export type MattingKind = (typeof MATTING_KINDS)[number]

/** As the authors' own code does it: xuebinqin/U-2-Net, xuebinqin/DIS, briaai/RMBG, ZhengPeng7/BiRefNet, ZHKKKe/MODNet. */
export const MATTING: Readonly<Record<MattingKind, Matting>> = {
  u2net: { name: 'U²-Net', ...IMAGENET, side: 320, keepsShape: false, isStretched: true },
  isnet: {
    name: 'ISNet or RMBG 1.4',
    mean: HALF,
    std: [1, 1, 1],
    side: 1024,
    keepsShape: false,
    isStretched: true,
  },
  birefnet: {
    name: 'BiRefNet or RMBG 2.0',
    ...IMAGENET,
    side: 1024,
    keepsShape: false,
    isStretched: false,
  },
  modnet: { name: 'MODNet', mean: HALF, std: HALF, side: 512, keepsShape: true, isStretched: false },
}

export const MattingConfig = v.object({
  of: v.picklist(MATTING_KINDS),
  /** Names in the graph. */
  input: v.string(),
  output: v.string(),
  /** Pixels of the input, where the graph fixes them. */
  height: v.nullable(count),
  width: v.nullable(count),
  /** Of the output as the graph gives it; null: 1, or the input's. */
  dims: v.array(v.nullable(count)),
  /** Whether the output is the logit of what the mask is. */
  isLogit: v.boolean(),
})
export type MattingConfig = v.InferOutput<typeof MattingConfig>

const FLOAT32 = 1
const FLOAT16 = 10
/** Networks whose sides are halved five times take multiples of this. */
const STEP = 32
/** Largest side of a photo in its own shape. */
const LONGEST = 2048

/** Pixels of what a network sees of a photo. */
export function mattingSize({ of, width, height }: MattingConfig, photo: Size): Size {
  const { side, keepsShape } = MATTING[of]
  const scale = keepsShape ? side / Math.min(photo.width, photo.height) : 0
  const sideOf = (length: number): number =>
    keepsShape ? Math.min(LONGEST, Math.max(STEP, Math.round((length * scale) / STEP) * STEP)) : side
  return { width: width ?? sideOf(photo.width), height: height ?? sideOf(photo.height) }
}

const TAKEN =
  'Inlay takes U²-Net (u2net, u2netp, silueta), ISNet, BiRefNet, RMBG and MODNet: one colour picture in, one mask out.'

/** @throws unsupported for a graph that is none of them, saying what it takes and gives */
export function mattingOf(header: OnnxHeader, title: string): MattingConfig {
  const [input, ...others] = header.inputs
  const output = header.outputs.at(0)
  const refuse = (message: string, hint = TAKEN): never =>
    fail(
      'unsupported',
      `“${title}” ${message}`,
      hint,
      `takes ${words(header.inputs)}; gives ${words(header.outputs)}`,
    )
  if (!input || !output) return refuse('is an ONNX model without an input or an output.')
  if (others.length > 0)
    return refuse('is an ONNX model that needs more than a picture, so it cannot cut out by itself.')
  const [batch, channels, height, width] = input.dims
  if (input.dims.length === 4 && channels !== 3 && width === 3)
    return refuse('takes its pictures pixel by pixel (NHWC).', 'Choose the export for PyTorch’s order, NCHW.')
  if (input.dims.length !== 4 || channels !== 3 || (batch !== null && batch !== 1))
    return refuse('is an ONNX model, but none that cuts out of a colour picture.')
  if (input.type === FLOAT16 || output.type === FLOAT16)
    return refuse(
      'takes or gives 16-bit numbers.',
      'Choose the export whose input and output are float32; its weights may have 16 bits.',
    )
  if (input.type !== FLOAT32 || output.type !== FLOAT32)
    return refuse('is an ONNX model, but its pictures are not of float32.')
  if (!isMask(output)) return refuse('is an ONNX model, but gives no mask of one channel.')
  const of = kindOf(header)
  if (of === null) return refuse('cuts out, perhaps, but how it wants its pictures cannot be told.')
  const isLogit = !endsInProbability(header.nodes, output.name)
  return { of, input: input.name, output: output.name, height, width, dims: [...output.dims], isLogit }
}

/** [1, 1, height, width], or what may be that. Networks that tell depths give [1, height, width]. */
const isMask = ({ dims }: OnnxValue): boolean =>
  dims.length === 0 || (dims.length === 4 && dims.slice(0, 2).every((size) => size === null || size === 1))

/** Operators of transformers, which BiRefNet and RMBG 2.0 have and the others do not. */
const ATTENTION = ['Softmax', 'Attention', 'MultiHeadAttention', 'LayerNormalization']

/**
 * Names of inputs and outputs are the exporter's, and sizes may be open; so it is told by what the graph is made of.
 * MODNet alone normalises instances. U²-Net and ISNet pool; the second, whose architecture RMBG 1.4 has, halves the picture
 * in its first convolution.
 */
function kindOf({ nodes }: OnnxHeader): MattingKind | null {
  const has = (operator: string): boolean => nodes.some((node) => node.operator === operator)
  if (ATTENTION.some(has)) return 'birefnet'
  if (has('InstanceNormalization')) return 'modnet'
  const first = nodes.find(({ operator }) => operator.includes('Conv'))
  if (!first || !has('MaxPool')) return null
  return first.strides.some((stride) => stride > 1) ? 'isnet' : 'u2net'
}

/** Operators that leave values what they are. */
const PASSING = new Set([
  ...['Identity', 'Cast', 'Resize', 'Upsample', 'Squeeze', 'Unsqueeze', 'Reshape', 'Slice', 'Transpose'],
  ...['QuantizeLinear', 'DequantizeLinear'],
])
const BOUNDED = new Set(['Sigmoid', 'QLinearSigmoid', 'HardSigmoid', 'Clip'])

/** Whether an output lies in 0..1, by the last operator that makes it. */
function endsInProbability(nodes: readonly OnnxNode[], output: string): boolean {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  let node = makers.get(output)
  // A graph has no circles; a broken one might.
  for (let steps = 0; node && steps < nodes.length; steps++) {
    if (BOUNDED.has(node.operator)) return true
    if (!PASSING.has(node.operator)) return false
    node = makers.get(node.inputs[0])
  }
  return false
}

const words = (values: readonly OnnxValue[]): string =>
  values.length === 0
    ? 'nothing'
    : values
        .slice(0, 8)
        .map(({ name, dims }) => `${name} [${dims.map((size) => size ?? '?').join(', ')}]`)
        .join(', ')
