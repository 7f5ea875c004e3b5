/** What a device offers to our kernels, as data. */

/** Products of halves into f32 that a subgroup does together: [m, k] times [k, n]. */
export interface SubgroupMatrix {
  m: number
  n: number
  k: number
  /** Invocations of every subgroup. */
  lanes: number
}

export interface Capabilities {
  /** For the user and for tables that are kept. */
  adapter: string
  /** Rendered on the processor: registers are memory there, and barriers are dear. */
  software: boolean
  /** Bytes of workgroup memory of one workgroup. */
  workgroupBytes: number
  /** Invocations of one workgroup. */
  invocations: number
  /** Storage buffers that a kernel may bind. */
  storageBuffers: number
  shaderF16: boolean
  /** Invocations of the smallest subgroup; null where kernels may not use subgroups. */
  smallestSubgroup: number | null
  /** null where the experimental feature is missing, or subgroups may differ in size. */
  subgroupMatrix: SubgroupMatrix | null
  /** Names of kernel strategies that computed wrong numbers here; never taken. */
  faulty: readonly string[]
  /** Names of the plans that were fastest here, by class of shapes (kernels/sharedAttention/strategies). */
  preferred: Readonly<Record<string, string>>
}

/** An experiment of Chromium's, which browsers offer behind a flag. */
export const SUBGROUP_MATRIX = 'chromium-experimental-subgroup-matrix' as GPUFeatureName

/** As Dawn tells it. */
interface MatrixInfo {
  subgroupMatrixConfigs?: Iterable<{
    componentType: string
    resultComponentType: string
    M: number
    N: number
    K: number
  }>
}

function matrixOf(info: GPUAdapterInfo & MatrixInfo): SubgroupMatrix | null {
  const { subgroupMinSize: lanes, subgroupMaxSize, subgroupMatrixConfigs = [] } = info
  if (!lanes || lanes !== subgroupMaxSize) return null
  const found = [...subgroupMatrixConfigs].find(
    ({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32',
  )
  return found ? { m: found.M, n: found.N, k: found.K, lanes } : null
}

/** What was granted, not what the adapter could do: a device has only what it was requested with. */
export function capabilitiesOf(device: GPUDevice): Capabilities {
  const { limits, features } = device
  // Browsers that do not say have a real GPU.
  const info = device.adapterInfo as GPUAdapterInfo | undefined
  const names = info ? [info.vendor, info.architecture, info.device, info.description] : []
  return {
    adapter: names.filter(Boolean).join(' ') || 'unnamed GPU',
    software: info ? info.isFallbackAdapter || /swiftshader|llvmpipe/i.test(names.join(' ')) : false,
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
    invocations: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    storageBuffers: limits.maxStorageBuffersPerShaderStage,
    shaderF16: features.has('shader-f16'),
    smallestSubgroup: features.has('subgroups') ? (info?.subgroupMinSize ?? null) : null,
    subgroupMatrix: features.has(SUBGROUP_MATRIX) && info ? matrixOf(info) : null,
    faulty: [],
    preferred: {},
  }
}
