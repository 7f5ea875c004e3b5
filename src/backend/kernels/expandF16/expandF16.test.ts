import { expect, test } from 'vitest'
import { halfTable } from '@/backend/kernels/expandF16/cpu'
import { halfReference } from '@/backend/kernels/expandF16/reference'

test('the table holds every half', () => {
  const wrong = Array.from(halfTable().entries()).filter(
    ([bits, value]) => !Object.is(value, halfReference(bits)),
  )
  expect(wrong).toEqual([])
})
