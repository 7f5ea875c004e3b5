import * as v from 'valibot'
import { expect, it } from 'vitest'

import { ComposeSettings } from '@/schema/modes/compose'
import { AREAS, choiceOf, SHAPES, sizeOf } from '@/ui/compose/sizes'

it('every shape and area is a size that a recipe accepts, and is found again', () => {
  for (const { ratio } of SHAPES)
    for (const side of AREAS) {
      const size = sizeOf(ratio, side)
      expect(
        v.is(ComposeSettings.entries.width, size.width) && v.is(ComposeSettings.entries.height, size.height),
      ).toBe(true)
      expect(Math.abs(Math.log((size.width * size.height) / side ** 2))).toBeLessThan(0.06)
      expect(choiceOf(size)).toEqual({ ratio, side })
    }
  expect(sizeOf(1, 1024)).toEqual({ width: 1024, height: 1024 })
  expect(choiceOf({ width: 1024, height: 256 })).toBeNull()
})
