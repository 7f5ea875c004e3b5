import { describe, expect, it } from 'vitest'

import { memoryBytes } from '@/weights/formats/bytes'
import { openCheckpoint } from '@/weights/formats/checkpoint'
import { fitAdapter, type AdapterTarget } from '@/weights/lora/adapterFit'
import { openAdapter } from '@/weights/lora/lora'
import { fileOf, loraPair, type TestTensors } from '@/weights/testModels'

const LINEAR = 'double_blocks.0.img_attn.qkv'
const target = (name: string, width: number): AdapterTarget => ({
  base: 'flux',
  name,
  linears: new Map([[LINEAR, [3 * width, width] as const]]),
})

describe('holding an adapter against models', () => {
  it('names a model that it does not fit once, however often it was seen', async () => {
    const tensors: TestTensors = {}
    loraPair(tensors, `${LINEAR}.lora_A.weight`, `${LINEAR}.lora_B.weight`, 384, 128)
    const checkpoint = await openCheckpoint([memoryBytes(fileOf(tensors, 'F32'), 'a.safetensors')])
    const adapter = await openAdapter(checkpoint, null)
    const targets = [target('mine', 128), target('“x”', 64), target('“x”', 64), target('“y”', 32)]
    expect(fitAdapter(adapter, targets)).toEqual(['It does not fit “x”, “y”.'])
  })
})
