import { expect, test } from 'vitest'

import { fitInBox } from '@/base/geometry'

test('aliases resolve in node tests', () => {
  expect(fitInBox({ width: 2, height: 1 }, { x: 0, y: 0, width: 4, height: 4 }, false).y).toBe(2)
})
