/** Adaptor of `noise-mt19937`: PyTorch's CPU generator. */
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from '@/base/half'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { Mt19937 } from '@/samplers/mt19937'

/** Longer draws are stored as their first 48 and last 16 values. */
const STORED = 64

const shorten = (values: Float32Array): Float32Array =>
  values.length <= STORED ? values : Float32Array.of(...values.slice(0, 48), ...values.slice(-16))

function draw(kind: string, generator: Mt19937, rest: string): ArrayLike<number> | null {
  const count = Number(/\.n(\d+)/.exec(rest)?.[1] ?? 0)
  const calls = /^two_calls_(\d+)_(\d+)$/.exec(kind)
  const latents = /^latents_([\dx]+)$/.exec(kind)
  if (calls) return [...generator.randn(Number(calls[1])), ...generator.randn(Number(calls[2]))]
  if (latents)
    return generator
      .randn(latents[1].split('x').reduce((product, size) => product * Number(size), 1))
      .slice(0, STORED)
  switch (kind) {
    case 'randn':
      return shorten(generator.randn(count))
    case 'randn_f64':
      return generator.randn64(count)
    case 'randn_bf16':
      return bf16ToF32(f32ToBf16(generator.randn(count)))
    case 'randn_f16':
      return f16ToF32(f32ToF16(generator.randn(count)))
    case 'rand':
      return generator.rand(count)
    case 'randperm':
      return generator.randperm(count)
    default:
      return null
  }
}

export async function runNoise(golden: GoldenCase, report: Report): Promise<void> {
  const expected = await golden.tensors('expected.safetensors')
  for (const name of expected.keys()) {
    const match = /^([a-z0-9_]+)\.seed(\d+)(.*)$/.exec(name)
    const values = match ? draw(match[1], new Mt19937(BigInt(match[2])), match[3]) : null
    if (values) report.compare(name, values, hostTensor(expected, name).data, golden.tolerance())
    else report.row(name, false, 'no rule for this tensor')
  }
}
