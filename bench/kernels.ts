/** The kernels beside attention, on both backends; ratios are taken within one run. */
import { benchFusion } from './fusion'
import { benchResponse } from './response'
import type { BenchOptions } from './options'
import { time } from './time'

import { createBackend } from '@/backend/create'
import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend } from '@/backend/types'
import { f32ToF16 } from '@/base/half'

/** Widening and packing halves against copying the floats. */
async function benchHalves(backend: Backend, log: BenchOptions['log']): Promise<void> {
  const count = 2 ** 21
  const values = seededNormals(1, count)
  const [floats, others] = [values, values].map((data) => backend.upload(data, [count / 64, 64], 'floats'))
  const halves = backend.upload(f32ToF16(values), [count / 64, 64], 'halves')
  const copy = await time(backend, () => backend.copyRows(floats, 0, others, 0, count / 64))
  const widen = await time(backend, () => backend.expandF16(halves, others))
  const pack = await time(backend, () => backend.packF16(floats, halves))
  log(
    `${count} halves: copy of as many floats ${copy.toFixed(2)} ms, ` +
      `widening / copy = ${(widen / copy).toFixed(2)}, packing / copy = ${(pack / copy).toFixed(2)}`,
  )
  backend.free(floats, others, halves)
}

export async function benchKernels({ runtimeUrl, log }: BenchOptions): Promise<void> {
  for (const choice of ['webgpu', 'cpu'] as const) {
    const { backend } = await createBackend(choice, runtimeUrl)
    log(`${choice}: ${backend.device}`)
    await benchResponse(backend, log)
    await benchFusion(backend, log)
    await benchHalves(backend, log)
    await backend.dispose()
  }
}
