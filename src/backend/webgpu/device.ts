/** Finding a GPU and asking it for what the kernels and ORT need. */
import { SUBGROUP_MATRIX } from '@/backend/webgpu/capabilities'
import { fail } from '@/base/errors'

export interface AdapterReport {
  adapter: GPUAdapter | null
  /** In words for the user. */
  name: string
  /** Rendered on the processor: works, but tens of times slower than our cpu backend. */
  software: boolean
}

/** Looks for an adapter; never throws. */
export async function findAdapter(): Promise<AdapterReport> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  if (!gpu) {
    const name = globalThis.isSecureContext
      ? 'this browser has no WebGPU'
      : 'browsers give the GPU to secure addresses only (localhost or https)'
    return { adapter: null, name, software: false }
  }
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return { adapter: null, name: 'no GPU adapter was found', software: false }
    const { vendor, architecture, description } = adapter.info
    const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed GPU'
    const software =
      adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${name} ${architecture}`)
    return { adapter, name, software }
  } catch (error) {
    return { adapter: null, name: `the GPU did not answer (${String(error)})`, software: false }
  }
}

/** Limits worth asking for: a binding holds a whole weight tensor, a kernel binds up to ten buffers. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const

/** All that an adapter has of them. */
export const limitsOf = ({ limits }: GPUAdapter): Record<string, number> =>
  Object.fromEntries(LIMITS.map((limit) => [limit, limits[limit]]))

/**
 * Requests a device with the adapter's own limits. Software adapters get no `subgroups`: with it
 * ORT's attention returns wrong numbers there (runtime notes).
 */
export async function requestDevice(report: AdapterReport): Promise<GPUDevice> {
  const { adapter } = report
  if (!adapter)
    fail('no-webgpu', `No GPU can be used: ${report.name}.`, 'Choose the CPU backend in the settings.')
  const requiredLimits = limitsOf(adapter)
  const wanted: GPUFeatureName[] = report.software ? [] : ['subgroups', 'shader-f16', SUBGROUP_MATRIX]
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature))
  try {
    return await adapter.requestDevice({ requiredLimits, requiredFeatures, label: 'inlay' })
  } catch (error) {
    return fail(
      'no-webgpu',
      'The GPU refused to start.',
      'Choose the CPU backend in the settings, or restart the browser.',
      String(error),
    )
  }
}
