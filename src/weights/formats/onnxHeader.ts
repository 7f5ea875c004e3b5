/** What an ONNX file says of its graph; weights, nearly all of its bytes, are stepped over. */
import { fromBinary } from '@bufbuild/protobuf'
import { NodeProtoSchema, StringStringEntryProtoSchema, ValueInfoProtoSchema } from 'onnx-buf'

import { fail, problemOf } from '@/base/errors'
import type { OnnxHeader, OnnxNode, OnnxValue } from '@/families/matting'
import type { ByteSource } from '@/weights/formats/bytes'

/** Field numbers of onnx.proto. */
const MODEL = { graph: 7 } as const
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const
const TENSOR = { dims: 1, name: 8, external: 13 } as const
/** Kinds of protobuf fields. */
const VARINT = 0
const FIXED64 = 1
const DELIMITED = 2
const FIXED32 = 5

const WINDOW = 65536

/** The format has no mark of its own: whether a file claims to be one, by its name. */
export const isOnnx = ({ name }: { name: string }): boolean => /\.onnx$/i.test(name)

/** Reads a file's bytes in order, window by window. */
class Cursor {
  at = 0
  private readonly source: ByteSource
  private readonly signal: AbortSignal | undefined
  private window = new Uint8Array(0)
  private begin = 0

  constructor(source: ByteSource, signal?: AbortSignal) {
    this.source = source
    this.signal = signal
  }

  async bytes(count: number): Promise<Uint8Array> {
    const end = this.at + count
    if (end > this.source.size) broken('it ends too early')
    if (this.at < this.begin || end > this.begin + this.window.length) {
      this.begin = this.at
      const wanted = Math.min(this.source.size, Math.max(end, this.at + WINDOW))
      this.window = await this.source.read(this.at, wanted, this.signal)
    }
    const from = this.at - this.begin
    this.at = end
    return this.window.subarray(from, from + count)
  }

  /** Numbers beyond 2^53 do not matter here. */
  async varint(): Promise<number> {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const [byte] = await this.bytes(1)
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    return broken('a number is too long')
  }

  /** Fields up to `end`. Whoever is told of bytes may read them, or not; of numbers those of variable length are told. */
  async fields(
    end: number,
    onBytes: (field: number, length: number) => Promise<void>,
    onNumber: (field: number, value: number) => void = () => undefined,
  ): Promise<void> {
    while (this.at < end) {
      const key = await this.varint()
      const field = Math.floor(key / 8)
      switch (key % 8) {
        case VARINT:
          onNumber(field, await this.varint())
          break
        case FIXED64:
          this.at += 8
          break
        case FIXED32:
          this.at += 4
          break
        case DELIMITED: {
          const length = await this.varint()
          const after = this.at + length
          if (after > end) broken('a part ends too late')
          await onBytes(field, length)
          this.at = after
          break
        }
        default:
          broken(`a field of kind ${key % 8}`)
      }
    }
    if (this.at > end) broken('a field ends too late')
  }
}

class Broken extends Error {}
function broken(why: string): never {
  throw new Broken(why)
}

/**
 * Reads the graph of a model without its weights.
 * @throws bad-weights for a file that is no ONNX model, or is cut off
 */
export async function readOnnxHeader(source: ByteSource, signal?: AbortSignal): Promise<OnnxHeader> {
  try {
    return await readModel(new Cursor(source, signal), source.size)
  } catch (error) {
    signal?.throwIfAborted()
    if (problemOf(error).code !== 'internal') throw error
    return fail(
      'bad-weights',
      `“${source.name}” is no ONNX model, or a damaged one.`,
      'Get the file again from where it came; a download that broke off looks like this.',
      String(error),
    )
  }
}

async function readModel(cursor: Cursor, size: number): Promise<OnnxHeader> {
  const inputs: OnnxValue[] = []
  const outputs: OnnxValue[] = []
  const nodes: OnnxNode[] = []
  const weights = new Set<string>()
  const external = new Set<string>()
  let parameters = 0
  let graphs = 0
  await cursor.fields(size, async (field, length) => {
    if (field !== MODEL.graph) return
    graphs++
    await cursor.fields(cursor.at + length, async (part, bytes) => {
      switch (part) {
        case GRAPH.node:
          nodes.push(nodeOf(await cursor.bytes(bytes)))
          return
        case GRAPH.input:
          inputs.push(valueOf(await cursor.bytes(bytes)))
          return
        case GRAPH.output:
          outputs.push(valueOf(await cursor.bytes(bytes)))
          return
        case GRAPH.initializer: {
          const tensor = await tensorAt(cursor, bytes)
          weights.add(tensor.name)
          parameters += tensor.numbers
          if (tensor.file !== null) external.add(tensor.file)
        }
      }
    })
  })
  if (graphs === 0 || nodes.length === 0) broken('it has no graph')
  return {
    inputs: inputs.filter(({ name }) => !weights.has(name)),
    outputs,
    nodes,
    external: [...external],
    parameters,
  }
}

function nodeOf(bytes: Uint8Array): OnnxNode {
  const { opType, input, output, attribute } = fromBinary(NodeProtoSchema, bytes)
  const strides = attribute.find(({ name }) => name === 'strides')?.ints ?? []
  return { operator: opType, inputs: input, outputs: output, strides: strides.map(Number) }
}

function valueOf(bytes: Uint8Array): OnnxValue {
  const { name, type } = fromBinary(ValueInfoProtoSchema, bytes)
  const tensor = type?.value.case === 'tensorType' ? type.value.value : null
  const dims = (tensor?.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : null,
  )
  return { name, type: tensor?.elemType ?? 0, dims }
}

/** A weight's name, how many numbers it has, and the file that holds them where that is another. */
async function tensorAt(cursor: Cursor, length: number) {
  let name = ''
  let file: string | null = null
  let numbers = 1
  await cursor.fields(
    cursor.at + length,
    async (field, bytes) => {
      if (field === TENSOR.name) name = new TextDecoder().decode(await cursor.bytes(bytes))
      // Writers pack the sizes, or do not.
      if (field === TENSOR.dims)
        for (const end = cursor.at + bytes; cursor.at < end;) numbers *= await cursor.varint()
      if (field === TENSOR.external) {
        const { key, value } = fromBinary(StringStringEntryProtoSchema, await cursor.bytes(bytes))
        if (key === 'location') file = value
      }
    },
    (field, value) => {
      if (field === TENSOR.dims) numbers *= value
    },
  )
  return { name, file, numbers }
}
