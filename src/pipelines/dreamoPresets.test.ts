import { describe, expect, it } from 'vitest'

import { bestVersion, dreamoStack, missingRoles } from '@/pipelines/dreamoPresets'
import type { LoraRole } from '@/schema/pack'

const V11: LoraRole[] = ['dreamo', 'dreamo-cfg-distill', 'dreamo-sft', 'dreamo-dpo']
const V1: LoraRole[] = ['dreamo', 'dreamo-cfg-distill', 'dreamo-quality-pos', 'dreamo-quality-neg']

describe("DreamO's presets", () => {
  it('stack the adapters with their published weights', () => {
    const weights = (stack: ReturnType<typeof dreamoStack>) =>
      Object.fromEntries(stack.adapters.map(({ role, weight }) => [role, weight]))
    expect(weights(dreamoStack('v1', V1))).toEqual({
      dreamo: 1,
      'dreamo-cfg-distill': 1,
      'dreamo-quality-pos': 0.15,
      'dreamo-quality-neg': -0.8,
    })
    expect(dreamoStack('v1', V1)).toMatchObject({ steps: 25, guidance: 3.5 })
    const fast = dreamoStack('v1.1', [...V11, 'turbo', 'dreamfuse'])
    expect(weights(fast)).toEqual({
      dreamo: 1,
      'dreamo-cfg-distill': 1,
      'dreamo-sft': 1,
      'dreamo-dpo': 1.25,
      turbo: 1,
    })
    expect(fast).toMatchObject({ steps: 12, guidance: 4.5 })
    expect(dreamoStack('v1.1', [...V11, 'turbo'], false)).toMatchObject({ steps: 25 })
    expect(dreamoStack('v1.1', [...V11, 'turbo'], false).adapters).toHaveLength(4)
  })

  it('say what is missing', () => {
    expect(missingRoles('v1.1', ['dreamo', 'turbo'])).toEqual([
      'dreamo-cfg-distill',
      'dreamo-sft',
      'dreamo-dpo',
    ])
    expect(() => dreamoStack('v1', V11)).toThrow('missing-asset')
    expect([bestVersion(V1), bestVersion([...V1, ...V11]), bestVersion(['dreamo'])]).toEqual([
      'v1',
      'v1.1',
      null,
    ])
  })
})
