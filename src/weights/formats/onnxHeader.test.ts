import { create, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as Location,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { expect, it } from 'vitest'

import { memoryBytes } from '@/weights/formats/bytes'
import { readOnnxHeader } from '@/weights/formats/onnxHeader'
import { tinyMatting } from '@/weights/testMatting'

const read = (bytes: Uint8Array<ArrayBuffer>) => readOnnxHeader(memoryBytes(bytes, 'x.onnx'))

it('inputs, outputs and nodes come with their sizes, open ones as null', async () => {
  const weights = [1, 2, 3] as const
  const bytes = tinyMatting({ kind: 'isnet', weights, height: 64, width: 'w', bounded: true })
  const { inputs, outputs, nodes, parameters, external } = await read(bytes)
  expect(inputs).toEqual([{ name: 'picture', type: 1, dims: [1, 3, 64, null] }])
  expect(outputs).toEqual([{ name: 'mask', type: 1, dims: [1, 1, 32, null] }])
  expect(nodes.map(({ operator }) => operator)).toEqual(['Conv', 'MaxPool', 'Sigmoid', 'Identity'])
  expect(nodes[0].strides).toEqual([2, 2])
  expect(parameters).toBe(3)
  expect(external).toEqual([])
})

/** A model whose weights take megabytes, are listed as inputs too, and lie elsewhere in part. */
function large(): Uint8Array<ArrayBuffer> {
  const rawData = new Uint8Array(3 * 2 ** 20).fill(7)
  const elsewhere = [create(StringStringEntryProtoSchema, { key: 'location', value: 'x.onnx_data' })]
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 3n,
      graph: create(GraphProtoSchema, {
        initializer: [
          create(TensorProtoSchema, { name: 'w', dims: [1024n, 768n], dataType: 1, rawData }),
          create(TensorProtoSchema, {
            ...{ name: 'v', dims: [10n], dataType: 1 },
            ...{ dataLocation: Location.EXTERNAL, externalData: elsewhere },
          }),
        ],
        input: ['x', 'w', 'v'].map((name) => create(ValueInfoProtoSchema, { name })),
        output: [create(ValueInfoProtoSchema, { name: 'y' })],
        node: [create(NodeProtoSchema, { opType: 'MatMul', input: ['x', 'w'], output: ['y'] })],
      }),
    }),
  )
}

it('weights are stepped over, counted, no inputs, and missed where they lie elsewhere', async () => {
  const bytes = large()
  let loaded = 0
  const source = memoryBytes(bytes, 'x.onnx')
  const { inputs, external, parameters } = await readOnnxHeader({
    ...source,
    read: (begin, end) => {
      loaded += end - begin
      return source.read(begin, end)
    },
  })
  expect(inputs.map(({ name }) => name)).toEqual(['x'])
  expect(external).toEqual(['x.onnx_data'])
  expect(parameters).toBe(1024 * 768 + 10)
  expect(loaded).toBeLessThan(200_000)
})

it('what is cut off, empty or something else is no ONNX model, wherever it is cut', async () => {
  const bytes = tinyMatting({ kind: 'u2net', weights: [1, 1, 1], height: 8, width: 8, bounded: false })
  const refused = expect.objectContaining({ problem: expect.objectContaining({ code: 'bad-weights' }) })
  for (let end = 0; end < bytes.length - 20; end += 7)
    await expect(read(bytes.slice(0, end)), `cut at ${end}`).rejects.toEqual(refused)
  await expect(read(new TextEncoder().encode('<html><body>Not found</body></html>'))).rejects.toEqual(refused)
  await expect(read(large().slice(0, 2 ** 21))).rejects.toEqual(refused)
})
