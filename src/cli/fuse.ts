/** One fuse on the studio's own worker, from addresses of pictures to a PNG with its recipe. */
import { transfer, wrap } from 'comlink'
import * as v from 'valibot'

import { decodeImage } from '@/assets/decode'
import { hashRaster } from '@/assets/hash'
import { embedRecipe } from '@/assets/recipe'
import { fail, InlayError, problemOf } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { FuseAnswer, FuseRequest, PictureSource } from '@/cli/requests'
import type { AssetRef } from '@/schema/common'
import { PlaceRecipe } from '@/schema/recipe'
import type { EngineApi, FuseEvent, Outcome, PlaceJob } from '@/worker/protocol'

interface Picture {
  raster: Raster
  asset: AssetRef
  notes: string[]
}

async function fetchPicture({ url, name }: PictureSource): Promise<Picture> {
  const answer = await fetch(url)
  if (!answer.ok)
    fail('network', `${name} could not be read.`, 'Check that the file exists.', `status ${answer.status}`)
  const { raster, notes } = await decodeImage(await answer.blob(), name)
  const asset = { hash: await hashRaster(raster), name, width: raster.width, height: raster.height }
  return { raster, asset, notes: notes.map((note) => `${name}: ${note}`) }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new InlayError(outcome.problem)
  return outcome.value
}

/** Progress as a line for the terminal, or null where there is nothing to say. */
function describe(event: FuseEvent): string | null {
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
    case 'done':
    case 'cancelled':
    case 'failed':
      return null
  }
}

type Done = Extract<FuseEvent, { kind: 'done' }>

/** Sends the job and waits for its last event. */
function runJob(
  engine: Pick<EngineApi, 'fuse'>,
  job: PlaceJob,
  worker: Worker,
  note: (line: string) => void,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel()
    worker.addEventListener('error', (event) => reject(new Error(event.message)))
    port1.onmessage = ({ data: event }: MessageEvent<FuseEvent>) => {
      const line = describe(event)
      if (line !== null) note(line)
      if (event.kind === 'done') resolve(event)
      if (event.kind === 'failed') reject(new InlayError(event.problem))
      if (event.kind === 'cancelled')
        reject(new InlayError({ code: 'cancelled', message: 'The run was stopped.', hint: 'Run it again.' }))
    }
    const pixels = [job.background, ...job.foregrounds].map((raster) => raster.data.buffer)
    engine.fuse(transfer(job, [...new Set(pixels)]), transfer(port2, [port2])).catch(reject)
  })
}

/** Lets the browser's owner take the file: the command line waits for this download. */
function download(bytes: Uint8Array<ArrayBuffer>) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }))
  link.download = 'fused.png'
  link.click()
}

async function fuseOnWorker(
  request: FuseRequest,
  worker: Worker,
  note: (line: string) => void,
): Promise<FuseAnswer> {
  const engine = wrap<EngineApi>(worker)
  const failedToLoad = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker did not load')))
  })
  const background = await fetchPicture(request.background)
  const foregrounds = await Promise.all(request.foregrounds.map(({ picture }) => fetchPicture(picture)))
  const started = engine.start({
    backend: request.backend,
    modelUrl: request.modelUrl ?? new URL('models/mini/', location.href).href,
    painterUrl: new URL('models/painter/', location.href).href,
    runtimeUrl: new URL('ort/', location.href).href,
  })
  const info = unwrap(await Promise.race([started, failedToLoad]))
  note(`${info.model.name} on ${info.backend}${info.adapter ? ` (${info.adapter})` : ''}: ${info.reason}`)

  const checked = v.safeParse(PlaceRecipe, {
    schema: 1,
    mode: 'place',
    model: { name: info.model.name, hash: info.model.hash, parts: [] },
    background: background.asset,
    foregrounds: request.foregrounds.map(({ box, stretch }, index) => ({
      asset: foregrounds[index].asset,
      box,
      stretch,
      rotationDegrees: 0,
      flipX: false,
    })),
    prompt: request.prompt,
    seed: request.seed,
    steps: request.steps ?? info.model.defaultSteps,
    strength: request.strength,
  } satisfies PlaceRecipe)
  if (!checked.success)
    fail(
      'bad-recipe',
      'These settings cannot be run.',
      'Check the numbers given.',
      v.summarize(checked.issues),
    )
  const recipe = checked.output

  const job: PlaceJob = {
    mode: 'place',
    id: crypto.randomUUID(),
    recipe,
    background: background.raster,
    foregrounds: foregrounds.map(({ raster }) => raster),
  }
  const { image, stats } = await runJob(engine, job, worker, note)
  download(await embedRecipe(image, recipe))
  return {
    ok: true,
    stats,
    width: image.width,
    height: image.height,
    notes: [...background.notes, ...foregrounds.flatMap(({ notes }) => notes)],
  }
}

export async function fuse(request: FuseRequest, note: (line: string) => void): Promise<FuseAnswer> {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' })
  try {
    return await fuseOnWorker(request, worker, note)
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  } finally {
    worker.terminate()
  }
}
