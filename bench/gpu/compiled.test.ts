import { create, globals } from 'webgpu'
import { beforeAll, expect, test } from 'vitest'

import { compileKernels } from './compiled'

/** The instance has to outlive what comes from it. */
let dawn: GPU

beforeAll(() => {
  Object.assign(globalThis, globals)
  dawn = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis'])
})

test('Dawn compiles attention with halves and with subgroups, whatever this machine can run', async () => {
  const compiled = await compileKernels((await dawn.requestAdapter())!)
  expect(compiled.map(({ strategy }) => strategy)).toEqual([
    'rows',
    'tile',
    'tile-subgroup',
    'subgroup-matrix',
  ])
  for (const { strategy, variants, refused } of compiled) {
    expect(variants).toBeGreaterThan(strategy === 'subgroup-matrix' ? 4 : 20)
    expect(refused).toEqual([])
  }
})
