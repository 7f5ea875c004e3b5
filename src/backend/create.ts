/** Chooses a backend: a real GPU if there is one, else the processor (DESIGN decision 4). */
import { InlayError } from '@/base/errors'
import { CpuBackend } from '@/backend/cpu/backend'
import type { Backend } from '@/backend/types'
import { WebgpuBackend, type WebgpuOptions } from '@/backend/webgpu/backend'
import { findAdapter } from '@/backend/webgpu/device'

export interface ChosenBackend {
  backend: Backend
  /** Why this one, in words for the user. */
  reason: string
  adapter: string | null
}

/** What the self-test found, for the user; nothing where all is well. */
function faultsOf({ gpu, faults }: WebgpuBackend): string {
  const wrong = [...gpu.capabilities.faulty.map((strategy) => `attention by ${strategy}`), ...faults]
  return wrong.length > 0
    ? ` Its driver computes wrong numbers in ${wrong.join(' and ')}: another way is taken.`
    : ''
}

/** @throws no-webgpu when the GPU is asked for by name and there is none, unsupported when its driver computes wrong numbers. */
export async function createBackend(
  choice: 'auto' | 'webgpu' | 'cpu',
  runtimeUrl: string,
  options: WebgpuOptions = {},
): Promise<ChosenBackend> {
  if (choice === 'cpu')
    return { backend: await CpuBackend.create(runtimeUrl), reason: 'You chose the CPU.', adapter: null }
  const report = await findAdapter()
  const adapter = report.adapter ? report.name : null
  if (choice === 'webgpu' || (report.adapter && !report.software)) {
    const backend = await WebgpuBackend.create(runtimeUrl, report, options).catch((error: unknown) => {
      if (choice === 'auto' && error instanceof InlayError && error.problem.code === 'unsupported')
        return error
      throw error
    })
    if (backend instanceof InlayError) {
      const cpu = await CpuBackend.create(runtimeUrl)
      return { backend: cpu, reason: `Running on the CPU: ${backend.problem.message}`, adapter }
    }
    const chosen = choice === 'webgpu' ? 'You chose the GPU' : 'Running on your GPU'
    return { backend, reason: `${chosen}: ${report.name}.${faultsOf(backend)}`, adapter }
  }
  const reason = report.adapter
    ? `The only GPU adapter is emulated (${report.name}); the CPU is faster.`
    : `Running on the CPU: ${report.name}.`
  return { backend: await CpuBackend.create(runtimeUrl), reason, adapter }
}
