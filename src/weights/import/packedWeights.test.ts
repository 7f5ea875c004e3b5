/** What is packed fails when it is dropped, by name and reason; what is taken is read right. */
import { describe, expect, it } from 'vitest'

import { memoryBytes } from '@/weights/formats/bytes'
import type { TensorToWrite } from '@/weights/formats/safetensors'
import { identify } from '@/weights/import/identify'
import { layoutSource } from '@/weights/formats/canonical'
import { FLUX, refusal, source, use, zeros, type File } from '@/weights/import/testDrops'

const QKV = 'double_blocks.0.img_attn.qkv'

const asWords = (shape: readonly number[]): TensorToWrite => ({
  shape,
  dtype: 'I32',
  data: new Uint8Array(4 * shape[0] * shape[1]),
})
const words = (value: unknown): TensorToWrite => {
  const data = new TextEncoder().encode(JSON.stringify(value))
  return { shape: [data.length], dtype: 'U8', data }
}

/** FLUX with its matrices stored otherwise; `beside` adds what stands beside a module. */
function packed(
  store: (values: Float32Array, shape: readonly number[]) => TensorToWrite,
  beside: (module: string, shape: readonly number[]) => File = () => ({}),
  only: (name: string) => boolean = (name) => /_blocks\..*\.weight$/.test(name),
): File {
  const file: File = {}
  for (const [name, { shape, data }] of Object.entries(FLUX)) {
    file[name] = only(name) ? store(data, shape) : { shape, data }
    if (only(name)) Object.assign(file, beside(name.slice(0, -'.weight'.length), shape))
  }
  return file
}

const asInt8 = (_: Float32Array, shape: readonly number[]): TensorToWrite => {
  const count = shape.reduce((product, size) => product * size, 1)
  const data = Uint8Array.from({ length: count }, (__, i) => (i * 37) % 256)
  return { shape, dtype: 'I8', data }
}
const asFp8 = (_: Float32Array, shape: readonly number[]): TensorToWrite => ({
  // 0x38 is 1, 0x40 is 2, 0xb8 is -1 in E4M3.
  ...asInt8(_, shape),
  dtype: 'F8_E4M3',
  data: Uint8Array.from({ length: shape[0] * shape[1] }, (__, i) => [0x38, 0x40, 0xb8][i % 3]),
})
const rowScales = (suffix: string, extra: (module: string) => File = () => ({})) => {
  return (module: string, [rows]: readonly number[]): File => ({
    [`${module}.${suffix}`]: { shape: [rows, 1], data: Float32Array.from({ length: rows }, (_, i) => i + 1) },
    ...extra(module),
  })
}
const oneScale = (suffix: string, extra: (module: string) => File = () => ({})) => {
  return (module: string): File => ({
    [`${module}.${suffix}`]: { shape: [], data: Float32Array.of(0.5) },
    ...extra(module),
  })
}
const plainInt8 = (module: string): File => ({
  [`${module}.comfy_quant`]: words({ format: 'int8_tensorwise' }),
})
const signed = (code: number): number => (code << 24) >> 24

describe('scaled weights are read right', () => {
  const int8 = (i: number) => signed((i * 37) % 256)
  const fp8 = (i: number) => [1, 2, -1][i % 3]
  it.each<[string, File, (i: number, row: number) => number, Record<string, string>?]>([
    ['fp8 without scales', packed(asFp8), fp8],
    ['fp8, one scale', packed(asFp8, oneScale('scale_weight')), (i) => fp8(i) * 0.5],
    ['fp8, one scale, newer names', packed(asFp8, oneScale('weight_scale')), (i) => fp8(i) * 0.5],
    ['fp8, a scale per row', packed(asFp8, rowScales('weight_scale')), (i, row) => fp8(i) * (row + 1)],
    [
      'fp8 with its words',
      packed(
        asFp8,
        oneScale('weight_scale', (module) => ({
          [`${module}.input_scale`]: { shape: [], data: Float32Array.of(9) },
          [`${module}.comfy_quant`]: words({ format: 'float8_e4m3fn', full_precision_matrix_mult: true }),
        })),
      ),
      (i) => fp8(i) * 0.5,
    ],
    ['int8, one scale', packed(asInt8, oneScale('weight_scale')), (i) => int8(i) * 0.5],
    ['int8, a scale per row', packed(asInt8, rowScales('weight_scale')), (i, row) => int8(i) * (row + 1)],
    [
      'int8 with its words',
      packed(asInt8, rowScales('weight_scale', plainInt8)),
      (i, row) => int8(i) * (row + 1),
    ],
    [
      'int8 with its words in the header',
      packed(asInt8, oneScale('weight_scale')),
      (i) => int8(i) * 0.5,
      { _quantization_metadata: JSON.stringify({ layers: { [QKV]: { format: 'int8_tensorwise' } } }) },
    ],
    [
      'floats with a scale',
      packed((data, shape) => ({ shape, data: data.fill(3) }), oneScale('scale_weight')),
      () => 1.5,
    ],
  ])('%s', async (_, file, expected, metadata) => {
    const found = await identify([source(file, 'flux1-dev.safetensors', metadata)])
    if (found.kind !== 'network') throw new Error('expected a network')
    const { chunks } = await layoutSource(found.checkpoint, found.layout.tensors).linear(QKV, 384, 128)
    const weight = chunks[0].weight as Float32Array
    for (const [row, col] of [
      [0, 0],
      [0, 1],
      [1, 5],
      [383, 127],
    ])
      expect(weight[row * 128 + col]).toBe(expected(row * 128 + col, row))
    await use(found)
  })
})

describe('packed weights are refused by name', () => {
  const beside = (extra: (module: string, shape: readonly number[]) => File, store = asInt8): File =>
    packed(store, extra)
  const packedU8 = (_: Float32Array, [rows, cols]: readonly number[]) => zeros([rows, cols / 2], 'U8')

  it.each<[string, File, RegExp, Record<string, string>?]>([
    ['int8 without scales', packed(asInt8), /stored as I8/],
    ['bytes', packed((_, shape) => zeros(shape, 'U8')), /stored as U8/],
    ['32-bit words', packed((_, shape) => asWords(shape)), /stored as I32/],
    [
      'rotated int8',
      beside(
        rowScales('weight_scale', (m) => ({
          [`${m}.comfy_quant`]: words({ format: 'int8_tensorwise', convrot: true, convrot_groupsize: 256 }),
        })),
      ),
      /rotated 8-bit weights/,
    ],
    [
      'rotated int8, told in the header',
      beside(rowScales('weight_scale')),
      /rotated 8-bit weights/,
      {
        _quantization_metadata: JSON.stringify({
          layers: { [QKV]: { format: 'int8_tensorwise', convrot: true } },
        }),
      },
    ],
    [
      'words that are none',
      beside(rowScales('weight_scale', (m) => ({ [`${m}.comfy_quant`]: words('?') }))),
      /not said how/,
    ],
    [
      'a header that says nothing',
      beside(rowScales('weight_scale')),
      /not said how/,
      { _quantization_metadata: '{' },
    ],
    [
      'MXFP8',
      beside((m, [rows, cols]) => ({ [`${m}.weight_scale`]: zeros([rows, cols / 32], 'U8') }), asFp8),
      /not one per tensor or per row/,
    ],
    [
      'scales per column',
      beside((m, [, cols]) => ({ [`${m}.weight_scale`]: zeros([1, cols]) })),
      /not one per tensor or per row/,
    ],
    [
      'packed scales',
      beside((m, [rows]) => ({ [`${m}.weight_scale`]: zeros([rows], 'U8') })),
      /packed themselves/,
    ],
    ['NVFP4', beside((m) => ({ [`${m}.weight_scale_2`]: zeros([]) }), packedU8), /NVFP4/],
    [
      'fp8 in blocks',
      beside((m) => ({ [`${m}.weight_scale_inv`]: zeros([1, 1]) }), asFp8),
      /scale for every block/,
    ],
    [
      'bitsandbytes, 4 bits',
      beside((m) => ({ [`${m}.weight.absmax`]: zeros([9]) }), packedU8),
      /bitsandbytes \(NF4\)/,
    ],
    [
      'bitsandbytes, 4 bits, transformers',
      beside((m) => ({ [`${m}.weight.quant_state.bitsandbytes__fp4`]: words('') }), packedU8),
      /bitsandbytes/,
    ],
    [
      'bitsandbytes, 8 bits',
      beside((m, [rows]) => ({ [`${m}.SCB`]: zeros([rows]) })),
      /bitsandbytes \(8-bit\)/,
    ],
    ['GPTQ', beside((m) => ({ [`${m}.qweight`]: zeros([4], 'U8') })), /GPTQ or AWQ/],
    ['AWQ', beside((m) => ({ [`${m}.qzeros`]: zeros([4], 'U8') })), /GPTQ or AWQ/],
    [
      'SVDQuant',
      beside((m) => ({ [`${m}.qweight`]: zeros([4], 'U8'), [`${m}.wscales`]: zeros([4]) })),
      /Nunchaku/,
    ],
    ['Quanto', beside((m) => ({ [`${m}.weight._data`]: zeros([4], 'U8') })), /Quanto/],
    ['compressed-tensors', beside((m) => ({ [`${m}.weight_packed`]: zeros([4], 'U8') })), /packed weights/],
    [
      'zero points',
      beside(rowScales('weight_scale', (m) => ({ [`${m}.weight_zero_point`]: zeros([1]) }))),
      /packed weights/,
    ],
    ['DFloat11', beside((m) => ({ [`${m}.encoded_exponent`]: zeros([4], 'U8') })), /DFloat11/],
    ['HQQ', beside((m) => ({ [`${m}.W_q`]: zeros([4], 'U8') })), /packed weights/],
    [
      'what nobody knows yet',
      beside((m) => ({ [`${m}.twist`]: zeros([4]) }), asFp8),
      /not understood: "\w+_blocks\.0\.\S+\.twist"/,
    ],
  ])('%s', async (_, file, message, metadata) => {
    const problem = await refusal([source(file, 'flux1-dev.safetensors', metadata)])
    expect(problem.message).toMatch(message)
    expect(problem.hint.length).toBeGreaterThan(10)
  })

  it.each(['F4', 'F6_E2M3', 'F6_E3M2', 'F8_E8M0', 'C64'])('numbers of the type %s', async (dtype) => {
    const header = new TextEncoder().encode(
      JSON.stringify({ a: { dtype, shape: [2], data_offsets: [0, 1] } }),
    )
    const bytes = new Uint8Array(8 + header.length + 1)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
    bytes.set(header, 8)
    const problem = await refusal([memoryBytes(bytes, 'x.safetensors')])
    expect([problem.code, problem.message]).toEqual([
      'unsupported',
      `The weights file "x.safetensors" holds numbers of the type ${dtype}, which is not supported.`,
    ])
  })
})
