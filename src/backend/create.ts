/** Chooses a backend: a real GPU if there is one, else the processor (DESIGN decision 4). */
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
function faultsOf({ gpu }: WebgpuBackend): string {
  const { faulty } = gpu.capabilities
  return faulty.length > 0
    ? ` Its driver computes wrong numbers in attention by ${faulty.join(' and ')}: another way is taken.`
    : ''
}

/** @throws no-webgpu when the GPU is asked for by name and there is none. */
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
    const backend = await WebgpuBackend.create(runtimeUrl, report, options)
    const chosen = choice === 'webgpu' ? 'You chose the GPU' : 'Running on your GPU'
    return { backend, reason: `${chosen}: ${report.name}.${faultsOf(backend)}`, adapter }
  }
  const reason = report.adapter
    ? `The only GPU adapter is emulated (${report.name}); the CPU is faster.`
    : `Running on the CPU: ${report.name}.`
  return { backend: await CpuBackend.create(runtimeUrl), reason, adapter }
}
