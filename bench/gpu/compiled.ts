/**
 * What Dawn's compiler says of the attention kernels that this machine's adapters cannot run: halves, and subgroups of GPUs. The null
 * device takes every feature and runs nothing.
 */
import { ATTENTION_CASES } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention } from '@/backend/kernels/sharedAttention/compare'
import {
  ATTENTION_STRATEGIES,
  attentionPlans,
  type AttentionPlan,
  type AttentionStrategy,
} from '@/backend/kernels/sharedAttention/strategies'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import { SUBGROUP_MATRIX } from '@/backend/webgpu/capabilities'
import { TestDevice } from '@/backend/kernels/testDevice'

export interface Compiled {
  strategy: AttentionStrategy
  variants: number
  /** What the compiler refused, and why. */
  refused: string[]
}

const FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', SUBGROUP_MATRIX]

/** Every shared case by every plan of every strategy that fits the device's workgroup memory. @param adapter a null device's */
export async function compileKernels(adapter: GPUAdapter): Promise<Compiled[]> {
  const target = new TestDevice(
    await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: {
        maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
        maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
      },
    }),
  )
  // Whole subgroups of the largest size there may be are what matrices want.
  const matrix = { m: 8, n: 8, k: 8, lanes: adapter.info.subgroupMaxSize }
  const device = {
    ...target.gpu.capabilities,
    ...{ shaderF16: true, smallestSubgroup: 32, software: false },
    subgroupMatrix: adapter.features.has(SUBGROUP_MATRIX) ? matrix : null,
  }
  const results: Compiled[] = []
  for (const strategy of ATTENTION_STRATEGIES) {
    const result: Compiled = { strategy, variants: 0, refused: [] }
    for (const item of ATTENTION_CASES) {
      const half = item.sources.every((source) => source.half === true)
      const plans = attentionPlans(device, { headDim: item.headDim, half }, item.queryTokens)
      for (const plan of plans.filter((one) => one.strategy === strategy)) {
        result.variants++
        const error = await refusal(target, item, plan)
        if (error) result.refused.push(`${item.name}, ${JSON.stringify(plan)}: ${error}`)
      }
    }
    results.push(result)
  }
  target.dispose()
  return results
}

async function refusal(
  target: TestDevice,
  item: (typeof ATTENTION_CASES)[number],
  plan: AttentionPlan,
): Promise<string | null> {
  const { args } = prepareAttention(item, 1, (...given) => target.tensor(...given))
  target.device.pushErrorScope('validation')
  sharedAttentionWebgpu(target.gpu, args, plan)
  const error = await target.device.popErrorScope()
  target.clear()
  return error?.message ?? null
}
