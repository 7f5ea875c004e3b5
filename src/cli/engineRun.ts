/** What every command that fuses does: pictures in, a job on the studio's own worker, files out. */
import { transfer } from 'comlink'

import { decodeImage } from '@/assets/decode'
import { hashRaster } from '@/assets/hash'
import { fail, InlayError, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { PictureSource } from '@/cli/requests'
import { withWorker } from '@/cli/withWorker'
import type { Arithmetic, AssetRef, BackendChoice } from '@/schema/common'
import type { Mode } from '@/schema/modes'
import { perBuiltIn, ships } from '@/schema/pack'
import type { EngineApi, EngineInfo, ExtraEvent, FuseEvent, FuseJob } from '@/worker/protocol'
import { valueOf, type SupervisedWorker } from '@/worker/supervised'

const LOST: Problem = {
  code: 'internal',
  message: 'The engine stopped unexpectedly.',
  hint: 'Run it again.',
}

/** A picture that the command line gave. */
export interface Picture {
  raster: Raster
  asset: AssetRef
  notes: string[]
}

export async function fetchPicture({ url, name }: PictureSource): Promise<Picture> {
  const answer = await fetch(url)
  if (!answer.ok)
    fail('network', `${name} could not be read.`, 'Check that the file exists.', `status ${answer.status}`)
  const { raster, notes } = await decodeImage(await answer.blob(), name)
  const asset = { hash: await hashRaster(raster), name, width: raster.width, height: raster.height }
  return { raster, asset, notes: notes.map((note) => `${name}: ${note}`) }
}

/** Progress as a line for the terminal, or null where there is nothing to say. */
export function describe(event: FuseEvent | ExtraEvent): string | null {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
  switch (event.kind) {
    case 'loading':
      return `loading ${megabytes(event.loadedBytes)} of ${megabytes(event.totalBytes)} MB`
    case 'encoding':
      return `encoding foreground ${event.foreground + 1} of ${event.foregrounds}`
    case 'stage':
      return `${event.stage} ${event.done} of ${event.total}`
    case 'step':
      return `step ${event.step} of ${event.steps}`
    case 'compositing':
      return 'compositing'
    case 'queued':
    case 'item':
    case 'done':
    case 'cancelled':
    case 'failed':
      return null
  }
}

export type Done<M extends Mode = 'place'> = Extract<FuseEvent<M>, { kind: 'done' }>

/** Sends the job and waits for its last event. */
export function runJob<M extends Mode = 'place'>(
  worker: SupervisedWorker<EngineApi>,
  job: FuseJob,
  note: (line: string) => void,
): Promise<Done<M>> {
  return new Promise((resolve, reject) => {
    const pixels = job.rasters.map(({ data }) => data.buffer)
    worker.follow<FuseEvent<M>>(
      (engine, port) => engine.fuse(transfer(job, [...new Set(pixels)]), transfer(port, [port])),
      (event) => {
        const line = describe(event)
        if (line !== null) note(line)
        if (event.kind === 'done') resolve(event)
        if (event.kind === 'failed') reject(new InlayError(event.problem))
        if (event.kind === 'cancelled') reject(stopped())
      },
    )
  })
}

export const stopped = (): InlayError =>
  new InlayError({ code: 'cancelled', message: 'The run was stopped.', hint: 'Run it again.' })

/** Lets the browser's owner take the file: the command line waits for this download. */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  link.download = name
  link.click()
}

/** Starts the engine, with the models that ship. */
export async function startEngine(
  worker: SupervisedWorker<EngineApi>,
  { backend, arithmetic }: { backend: BackendChoice; arithmetic: Arithmetic },
): Promise<EngineInfo> {
  const started = await worker.call((engine) =>
    engine.start({
      backend,
      arithmetic,
      packUrls: perBuiltIn((family) =>
        ships(family) ? new URL(`models/${family}/`, location.href).href : null,
      ),
      runtimeUrl: new URL('ort/', location.href).href,
    }),
  )
  return valueOf(started)
}

/** Has the studio's engine while `use` runs. */
export const withEngine = <T>(use: (worker: SupervisedWorker<EngineApi>) => Promise<T>): Promise<T> =>
  withWorker<EngineApi, T>(
    () => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' }),
    LOST,
    use,
  )
