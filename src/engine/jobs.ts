/** Jobs on the engine's worker: progress as callers want it, Stop by their signal. */
import { InlayError } from '@/base/errors'
import { newId } from '@/base/id'
import type { Raster } from '@/base/geometry'
import type { EngineProgress, RunOptions } from '@/engine/api'
import type { EngineClient } from '@/engine/client'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'
import type { EngineInfo, ExtraEvent, ExtraJob, ExtraJobs, ExtraKind, FuseEvent } from '@/worker/protocol'

/** An engine that has started. */
export interface Running {
  client: EngineClient
  info: EngineInfo
}

export type Done<M extends Mode = Mode> = Extract<FuseEvent<M>, { kind: 'done' }>

export const stopped = (): InlayError =>
  new InlayError({ code: 'cancelled', message: 'The run was stopped.', hint: 'Run it again.' })

/** Makes the picture of a recipe. @param rasters go over to the worker @throws what the engine says; cancelled */
export function fuseJob<M extends Mode>(
  { client }: Running,
  recipe: Recipe,
  rasters: Raster[],
  options: RunOptions,
): Promise<Done<M>> {
  const job = { id: newId(), recipe, rasters, ...memoryOf(recipe, options) }
  return follow<FuseEvent, Done<M>>(
    client,
    job.id,
    options,
    (onEvent) => client.fuse(job, onEvent),
    (event) => {
      if (event.kind === 'step' && event.preview) {
        const { rect, image } = event.preview
        options.onPreview?.({ rect, image: new ImageData(image.data, image.width, image.height) })
      }
    },
    (event) => (event.kind === 'done' ? (event as Done<M>) : null),
  )
}

/** Has a job of another kind done: what it has announced. @throws as `fuseJob` */
export async function extraJob<K extends ExtraKind>(
  { client }: Running,
  asked: Pick<ExtraJob<K>, 'kind' | 'recipe' | 'rasters' | 'memoryBytes'>,
  options: RunOptions,
): Promise<ExtraJobs[K]['item'][]> {
  const job: ExtraJob<K> = { id: newId(), ...asked }
  const items: ExtraJobs[K]['item'][] = []
  await follow<ExtraEvent<K>, true>(
    client,
    job.id,
    options,
    (onEvent) => client.extra(job, onEvent),
    (event) => void (event.kind === 'item' && items.push(event.item)),
    (event) => (event.kind === 'done' ? true : null),
  )
  return items
}

/** What imported models may take; the others are small. */
export const memoryOf = (
  { model: { parts } }: Pick<Recipe, 'model'>,
  { memoryGB = 8 }: RunOptions,
): { memoryBytes?: number } => (parts.length > 0 ? { memoryBytes: memoryGB * 1e9 } : {})

async function follow<E extends FuseEvent | ExtraEvent, T>(
  client: EngineClient,
  id: string,
  { signal, onProgress }: RunOptions,
  send: (onEvent: (event: E) => void) => void,
  see: (event: E) => void,
  endOf: (event: E) => T | null,
): Promise<T> {
  if (signal?.aborted) throw stopped()
  const stop = () => client.cancel(id)
  signal?.addEventListener('abort', stop)
  try {
    return await new Promise<T>((resolve, reject) =>
      send((event) => {
        const progress = progressOf(event)
        if (progress) onProgress?.(progress)
        see(event)
        const end = endOf(event)
        if (end !== null) resolve(end)
        if (event.kind === 'failed') reject(new InlayError(event.problem))
        if (event.kind === 'cancelled') reject(stopped())
      }),
    )
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** Null where there is nothing to show. */
function progressOf(event: FuseEvent | ExtraEvent): EngineProgress | null {
  const at = (stage: EngineProgress['stage'], done: number, total: number): EngineProgress => ({
    ...{ stage, done, total },
    secondsLeft: null,
  })
  switch (event.kind) {
    case 'loading':
      return at('loading', event.loadedBytes, event.totalBytes)
    case 'encoding':
      return at('encoding', event.foreground + 1, event.foregrounds)
    case 'stage':
      return at(event.stage, event.done, event.total)
    case 'step':
      return { ...at('step', event.step, event.steps), secondsLeft: event.secondsLeft }
    case 'compositing':
      return at('compositing', 0, 1)
    case 'queued':
    case 'item':
    case 'done':
    case 'cancelled':
    case 'failed':
      return null
  }
}
