/**
 * Typed builder for small ONNX graphs. A graph describes one kind of layer segment; it carries no
 * weights: those are inputs (DESIGN decision 1). Only constants of a few numbers live inside.
 */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'

export type DType = 'float32' | 'int32' | 'uint8' | 'float16'

/** A named edge of the graph. */
export interface Value {
  readonly name: string
}

/** Fixed size, or the name of a symbolic dimension. */
export type Dim = number | string

export interface Graph {
  /** Identifies the graph's structure; equal keys mean equal bytes. */
  readonly key: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Inputs and outputs of shape [batch, tokens, …]: the graph treats their tokens one by one. */
  readonly rowwise: ReadonlySet<string>
  /** Arithmetic of one token, so that a backend can bound the length of a run. */
  readonly flopsPerToken: number
  /** Arithmetic of a whole run where the graph is for one size; 0 where it goes by tokens. */
  readonly flops: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The symbolic dimension of a token sequence. */
export const TOKENS = 'tokens'

type Attribute = number | string | readonly number[] | { float: number }

const DATA_TYPES: Record<DType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  uint8: DataType.UINT8,
  float16: DataType.FLOAT16,
}

const OPSET = 21n
const MICROSOFT = 'com.microsoft'
/** Contrib operators that we use; all others are standard. */
const CONTRIB = new Set(['MatMulNBits', 'MultiHeadAttention', 'FastGelu', 'QuickGelu'])

function valueInfo(name: string, dtype: DType, dims: readonly Dim[]): ValueInfoProto {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof size === 'number'
          ? { case: 'dimValue', value: BigInt(size) }
          : { case: 'dimParam', value: size },
    }),
  )
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: DATA_TYPES[dtype],
          shape: create(TensorShapeProtoSchema, { dim }),
        }),
      },
    }),
  })
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value),
    })
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float })
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}

export class GraphBuilder {
  private readonly key: string
  private readonly nodes: NodeProto[] = []
  private readonly inputs: ValueInfoProto[] = []
  private readonly outputs: ValueInfoProto[] = []
  private readonly constants: TensorProto[] = []
  private readonly rowwise = new Set<string>()
  private counter = 0
  flopsPerToken = 0
  flops = 0

  constructor(key: string) {
    this.key = key
  }

  input(name: string, dtype: DType, dims: readonly Dim[]): Value {
    this.inputs.push(valueInfo(name, dtype, dims))
    if (dims[1] === TOKENS) this.rowwise.add(name)
    return { name }
  }

  output(value: Value, name: string, dims: readonly Dim[], dtype: DType = 'float32'): void {
    this.nodes.push(
      create(NodeProtoSchema, { opType: 'Identity', input: [value.name], output: [name], name }),
    )
    this.outputs.push(valueInfo(name, dtype, dims))
    if (dims[1] === TOKENS) this.rowwise.add(name)
  }

  /** A float constant of a few numbers. */
  floats(values: readonly number[], dims: readonly number[]): Value {
    const name = `const${this.counter++}`
    this.constants.push(
      create(TensorProtoSchema, {
        name,
        dims: dims.map(BigInt),
        dataType: DataType.FLOAT,
        floatData: [...values],
      }),
    )
    return { name }
  }

  /** A list of int64, for shapes, axes and split sizes. */
  ints(values: readonly number[]): Value {
    const name = `const${this.counter++}`
    this.constants.push(
      create(TensorProtoSchema, {
        name,
        dims: [BigInt(values.length)],
        dataType: DataType.INT64,
        int64Data: values.map(BigInt),
      }),
    )
    return { name }
  }

  /** One node with one output; null inputs are omitted optional inputs. */
  node(opType: string, inputs: readonly (Value | null)[], attributes: Record<string, Attribute> = {}): Value {
    return this.nodes1(opType, inputs, attributes, 1)[0]
  }

  /** One node with several outputs. */
  nodes1(
    opType: string,
    inputs: readonly (Value | null)[],
    attributes: Record<string, Attribute>,
    outputs: number,
  ): Value[] {
    const id = this.counter++
    const names = Array.from({ length: outputs }, (_, index) => `${opType}${id}.${index}`)
    this.nodes.push(
      create(NodeProtoSchema, {
        opType,
        name: `${opType}${id}`,
        domain: CONTRIB.has(opType) ? MICROSOFT : '',
        input: inputs.map((value) => value?.name ?? ''),
        output: names,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    )
    return names.map((name) => ({ name }))
  }

  /** Splits the last axis into parts of the given sizes. */
  split(value: Value, sizes: readonly number[]): Value[] {
    return this.nodes1('Split', [value, this.ints(sizes)], { axis: -1 }, sizes.length)
  }

  build(): Graph {
    const model = create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: 'inlay',
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: '', version: OPSET }),
        create(OperatorSetIdProtoSchema, { domain: MICROSOFT, version: 1n }),
      ],
      graph: create(GraphProtoSchema, {
        name: this.key,
        node: this.nodes,
        input: this.inputs,
        output: this.outputs,
        initializer: this.constants,
      }),
    })
    return {
      key: this.key,
      inputs: this.inputs.map((input) => input.name),
      outputs: this.outputs.map((output) => output.name),
      rowwise: this.rowwise,
      flopsPerToken: this.flopsPerToken,
      flops: this.flops,
      bytes: toBinary(ModelProtoSchema, model),
    }
  }
}

const built = new Map<string, Graph>()

/** The graph of that key, built when it is first asked for. */
export function graphOnce(key: string, describe: (g: GraphBuilder) => void): Graph {
  let graph = built.get(key)
  if (!graph) {
    const g = new GraphBuilder(key)
    describe(g)
    graph = g.build()
    built.set(key, graph)
  }
  return graph
}
