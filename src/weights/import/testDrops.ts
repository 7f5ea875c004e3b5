/** Files as people drop them, for tests: what is refused at once, and what an import and the first use would do. */
import { FAMILIES } from '@/families/registry'
import { problemOf, type Problem } from '@/base/errors'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { openCheckpoint } from '@/weights/formats/checkpoint'
import { writeSafetensors, type TensorToWrite } from '@/weights/formats/safetensors'
import { identify, type Identified } from '@/weights/import/identify'
import { bflFlux } from '@/weights/testModels'
import { ShardBuilder } from '@/weights/import/convert'
import { planImport } from '@/weights/import/importPlan'
import { mergedSource, openAdapter } from '@/weights/lora/lora'

export type File = Record<string, TensorToWrite>

export const SMALL = {
  hidden: 128,
  headDim: 128,
  mlp: 128,
  image: 8,
  context: 8,
  vector: 8,
  double: 1,
  single: 1,
}
export const FLUX = bflFlux(SMALL)

export const source = (
  tensors: File,
  name = 'x.safetensors',
  metadata?: Record<string, string>,
): ByteSource => memoryBytes(writeSafetensors(tensors, metadata), name)

export const zeros = (shape: readonly number[], dtype: TensorToWrite['dtype'] = 'F32'): TensorToWrite => {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, dtype, data: dtype === 'F32' ? new Float32Array(count) : new Uint8Array(count) }
}

export async function refusal(files: ByteSource[]): Promise<Problem> {
  try {
    await identify(files)
  } catch (error) {
    return problemOf(error)
  }
  throw new Error('expected a problem')
}

/** Everything that an import and the first use of the file would do, short of the disk and the device. */
export async function use(found: Identified): Promise<void> {
  if (found.kind === 'network') {
    const builder = new ShardBuilder(found.checkpoint)
    for (const shard of planImport(found.layout, 'q8').shards) await builder.build(shard, () => undefined)
  } else if (found.kind === 'lora') {
    const adapter = await openAdapter(
      await openCheckpoint(found.files),
      found.config.alpha,
      FAMILIES[found.config.base],
    )
    const base = {
      has: () => true,
      tensor: () => Promise.reject(new Error('not asked for')),
      linear: (_: string, rows: number, cols: number) =>
        Promise.resolve({
          rows,
          cols,
          format: 'f32' as const,
          chunks: [{ rows, weight: new Float32Array(rows * cols), scales: null }],
          bias: null,
          lora: null,
        }),
    }
    const merged = mergedSource(base, [{ adapter, weight: 1 }])
    for (const [name, pieces] of adapter.pieces)
      if (pieces[0].part === 'all') await merged.linear(name, pieces[0].rows, pieces[0].down.shape[1])
  }
}
