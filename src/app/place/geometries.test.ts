import { describe, expect, it } from 'vitest'

import type { EngineClient } from '@/engine/client'
import { createGeometries } from '@/app/place/geometries'
import type { Raster } from '@/base/geometry'
import { billboardGeometry } from '@/layers/testBodies'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlacedForeground } from '@/schema/modes/place'
import { createRunStore, type EngineStatus } from '@/ui/stores/run'
import type { ExtraEvent, ExtraJob } from '@/worker/protocol'

const SHAPE: CutoutGeometry = { ...billboardGeometry(), normals: new Float32Array(3), sight: 0, focal: 2 }
// The page asks only whether it is ready.
const READY = { kind: 'ready', info: {} } as EngineStatus
const PROBLEM = { code: 'internal', message: 'No.', hint: 'Try again.' } as const
const PIXELS: Raster = { width: 1, height: 1, data: new Uint8ClampedArray(4) }

const ball = (rotationDegrees = 0): PlacedForeground => ({
  asset: { hash: 'b'.repeat(64), name: 'ball', width: 40, height: 30 },
  box: { x: 1, y: 2, width: 10, height: 10 },
  stretch: false,
  rotationDegrees,
  flipX: false,
})

/** An engine that answers when the test says so. */
function page(engineStatus: EngineStatus = READY) {
  const run = createRunStore()
  run.setState({ engine: engineStatus })
  const jobs: { job: ExtraJob<'geometry'>; tell: (event: ExtraEvent<'geometry'>) => void }[] = []
  const engine = {
    extra: ((job: ExtraJob<'geometry'>, tell: (event: ExtraEvent<'geometry'>) => void) =>
      void jobs.push({ job, tell })) as EngineClient['extra'],
  }
  const pixels = { raster: () => Promise.resolve({ ok: true as const, value: PIXELS }) }
  const geometries = createGeometries({ engine, run, pixels })
  let heard = 0
  geometries.onKnown(() => heard++)
  const rest = () => new Promise((done) => setTimeout(done))
  const answer = async () => {
    await rest()
    const { job, tell } = jobs[jobs.length - 1]
    job.recipe.foregrounds.forEach((_, index) => tell({ kind: 'item', item: { index, geometry: SHAPE } }))
    tell({ kind: 'done', seconds: 0 })
    await rest()
  }
  return { geometries, run, jobs, answer, rest, heard: () => heard }
}

describe('shapes of cut-outs on the page', () => {
  it('are asked for once and told when they are there', async () => {
    const { geometries, jobs, answer, heard } = page()
    expect(geometries.known([ball()])).toEqual([null])
    expect(geometries.known([{ ...ball(), box: { x: 5, y: 5, width: 90, height: 90 } }])).toEqual([null])
    await answer()
    expect(heard()).toBe(1)
    expect(geometries.known([ball()])).toEqual([SHAPE])
    expect(jobs).toHaveLength(1)
  })

  it('are asked for one pose at a time, the newest next', async () => {
    const { geometries, jobs, answer } = page()
    for (const degrees of [0, 10, 20, 30]) geometries.known([ball(degrees)])
    await answer()
    await answer()
    expect(jobs.map(({ job }) => job.recipe.foregrounds[0].rotationDegrees)).toEqual([0, 30])
    expect(geometries.known([ball(30), ball(20)])).toEqual([SHAPE, null])
  })

  it('wait for the engine, and are asked for again when one that could not tell them has been started anew', async () => {
    const { geometries, run, jobs, answer, rest } = page({ kind: 'starting' })
    geometries.known([ball()])
    await rest()
    expect(jobs).toHaveLength(0)
    run.setState({ engine: { ...READY } })
    await rest()
    jobs[0].tell({ kind: 'failed', problem: PROBLEM })
    await rest()
    expect(geometries.known([ball()])).toEqual([null])
    await rest()
    expect(jobs).toHaveLength(1)
    run.setState({ engine: { ...READY } })
    await answer()
    expect(geometries.known([ball()])).toEqual([SHAPE])
  })

  it('are waited for by a download, but not behind a run', async () => {
    const { geometries, run, answer } = page()
    const settled = geometries.settled([ball()])
    await answer()
    expect(await settled).toEqual([SHAPE])
    run.setState({
      run: {
        ...{ kind: 'running', task: 'fuse', jobId: 'j', holds: false, here: true, stage: '', fraction: null },
        ...{ secondsLeft: null, stopping: false, finishing: false, dropped: false },
      },
    })
    expect(await geometries.settled([ball(60)])).toEqual([null])
  })

  it('of very many are asked for a few at a time, and none more than once', async () => {
    const { geometries, jobs, answer } = page()
    const many = Array.from({ length: 80 }, (_, degrees) => ball(degrees))
    const settled = geometries.settled(many)
    for (let job = 0; job < 5; job++) await answer()
    expect(await settled).toEqual(many.map(() => SHAPE))
    expect(jobs.map(({ job }) => job.recipe.foregrounds.length)).toEqual([16, 16, 16, 16, 16])
  })
})
