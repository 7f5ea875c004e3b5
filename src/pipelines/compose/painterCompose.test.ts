import { expect, it } from 'vitest'

import { painterCompose } from '@/pipelines/compose/painterCompose'
import type { Painter2 } from '@/pipelines/painter/painter2'

it('tells picture and references apart where there are references, as it was taught', async () => {
  const rows = { task: new Float32Array(4), index: new Float32Array(8) }
  const painter = {
    config: { size: 128, autoencoder: { latentChannels: 4 } },
    referenceRows: () => Promise.resolve(rows),
  } as unknown as Painter2
  const model = painterCompose(painter)
  expect(await model.referenceRows(0)).toBeNull()
  expect(await model.referenceRows(1)).toBe(rows)
})
