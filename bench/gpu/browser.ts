/** The GPU run in a browser, where ORT is there to compare with. */
import { WebgpuBackend } from '@/backend/webgpu/backend'
import { findAdapter } from '@/backend/webgpu/device'
import { fail } from '@/base/errors'

import { runGpu, type GpuReport } from './gpuRun'
import { ortTimes } from './ortTimes'

interface GpuOptions {
  rehearse: boolean
  runtimeUrl: string
  log(line: string): void
}

export async function gpuInBrowser({ rehearse, runtimeUrl, log }: GpuOptions): Promise<GpuReport> {
  const report = await findAdapter()
  // An adapter gives one device, and ORT's is not to have what kernels may have.
  const again =
    report.adapter && (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))
  if (!again) fail('no-webgpu', `No GPU to run on: ${report.name}.`, 'Run on a machine with a GPU adapter.')
  const backend = await WebgpuBackend.create(runtimeUrl, report)
  try {
    return await runGpu({ adapter: again, rehearse, ort: ortTimes(backend), log })
  } finally {
    await backend.dispose()
  }
}
