import { fail } from '@/base/errors'
import type { MemoryPlan } from '@/pipelines/shared/report'

/** @throws out-of-memory where the plan says so */
export function assertFits(plan: MemoryPlan): void {
  if (plan.verdict === 'too-large')
    fail(
      'out-of-memory',
      'This picture does not fit into the memory that Inlay may use.',
      plan.reason,
      `${plan.residentBytes + plan.activationBytes} of ${plan.budgetBytes} bytes`,
    )
}
