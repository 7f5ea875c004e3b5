import { create, globals } from 'webgpu'
import { beforeAll, expect, test } from 'vitest'

import { compileKernels } from './compiled'

/** The instance has to outlive what comes from it. */
let dawn: GPU

beforeAll(() => {
  Object.assign(globalThis, globals)
  dawn = create(['backend=null'])
})

test('Dawn compiles attention with halves and with subgroups, whatever this machine can run', async () => {
  const compiled = await compileKernels((await dawn.requestAdapter())!)
  expect(compiled.map(({ strategy }) => strategy)).toEqual(['rows', 'tile', 'tile-subgroup'])
  for (const { variants, refused } of compiled) {
    expect(variants).toBeGreaterThan(20)
    expect(refused).toEqual([])
  }
})
