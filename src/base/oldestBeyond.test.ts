import { expect, it } from 'vitest'

import { oldestBeyond } from '@/base/oldestBeyond'

const of = (...bytes: (number | [starred: number])[]) =>
  bytes.map((one, at) => ({
    id: String(at),
    bytes: typeof one === 'number' ? one : one[0],
    starred: typeof one !== 'number',
  }))
const going = (results: ReturnType<typeof of>, limit: number) =>
  oldestBeyond(results, limit).map(({ id }) => id)

it.each([
  [of(), 0, []],
  [of(10), 0, []],
  [of(10, 20, 30), 60, []],
  [of(10, 20, 30), 59, ['2']],
  [of(10, 20, 30), 0, ['2', '1']],
  [of(10, [500], 30), 40, []],
  [of(10, [500], 30), 39, ['2']],
  [of([500], 20, 30), 20, ['2']],
])('of %j a limit of %d leaves no room for %j', (results, limit, gone) =>
  expect(going(results, limit)).toEqual(gone),
)
