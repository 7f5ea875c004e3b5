/** The shapes of cut-outs on the page, which previews and downloads are drawn with: the engine tells each once. */
import type { EngineClient } from '@/engine/client'
import type { Pixels } from '@/app/pixels/client'
import type { Raster } from '@/base/geometry'
import { newId } from '@/base/id'
import { keepLatest } from '@/base/latest'
import { poseKey, poseOf } from '@/layers/pose'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlacedForeground } from '@/schema/modes/place'
import type { RunStore } from '@/ui/stores/run'

/** Shapes that are remembered; one takes 100 kB. */
const KEPT = 64
/** Cut-outs that are asked for at a time: their pixels lie in memory together. */
const AT_ONCE = 16

type Foregrounds = readonly PlacedForeground[]
/** In the foregrounds' order; null where a shape is not known yet or cannot be told. */
export type Shapes = (CutoutGeometry | null)[]

export interface Geometries {
  /** What is known now. What is not is asked for; of several calls meanwhile the last counts. */
  known(foregrounds: Foregrounds): Shapes
  /** The same after what can be asked now has been answered. */
  settled(foregrounds: Foregrounds): Promise<Shapes>
  /** Is called when more is known. */
  onKnown(listener: () => void): void
}

interface GeometriesOptions {
  engine: Pick<EngineClient, 'extra'>
  run: RunStore
  pixels: Pick<Pixels, 'raster'>
}

const keyOf = ({ asset, ...placement }: PlacedForeground): string => poseKey(asset.hash, poseOf(placement))

export function createGeometries({ engine, run, pixels }: GeometriesOptions): Geometries {
  /** null: the engine could not tell it; it is asked again when it has been started anew. */
  const shapes = new Map<string, CutoutGeometry | null>()
  const listeners: (() => void)[] = []
  let wanted: Foregrounds = []
  let asking: Promise<void> | null = null

  const missing = () => wanted.filter((foreground) => !shapes.has(keyOf(foreground)))
  const shapesOf = (foregrounds: Foregrounds): Shapes =>
    foregrounds.map((foreground) => shapes.get(keyOf(foreground)) ?? null)
  const keep = (foreground: PlacedForeground, shape: CutoutGeometry | null) =>
    // All that is wanted, or what is asked for would push out what was told, for ever.
    keepLatest(shapes, keyOf(foreground), shape, Math.max(KEPT, wanted.length))

  const ask = async (foregrounds: Foregrounds): Promise<void> => {
    const refuse = () => foregrounds.forEach((one) => keep(one, shapes.get(keyOf(one)) ?? null))
    const rasters: Raster[] = []
    for (const { asset } of foregrounds) {
      const read = await pixels.raster(asset)
      if (!read.ok) return refuse()
      rasters.push(read.value)
    }
    await new Promise<void>((resolve) =>
      engine.extra({ kind: 'geometry', id: newId(), recipe: { foregrounds }, rasters }, (event) => {
        if (event.kind === 'item') keep(foregrounds[event.item.index], event.item.geometry)
        if (event.kind === 'failed') refuse()
        if (event.kind === 'done' || event.kind === 'failed' || event.kind === 'cancelled') resolve()
      }),
    )
  }

  const askAll = async (): Promise<void> => {
    while (run.getState().engine.kind === 'ready' && missing().length > 0) {
      await ask(missing().slice(0, AT_ONCE))
      for (const listener of listeners) listener()
    }
  }
  const follow = (): Promise<void> => (asking ??= askAll().finally(() => (asking = null)))

  run.subscribe(({ engine: now }, { engine: before }) => {
    if (now === before || now.kind !== 'ready') return
    for (const [key, shape] of shapes) if (shape === null) shapes.delete(key)
    void follow()
  })

  return {
    known(foregrounds) {
      wanted = foregrounds
      void follow()
      return shapesOf(foregrounds)
    },
    async settled(foregrounds) {
      wanted = foregrounds
      // Behind a run it would wait for minutes.
      if (run.getState().run.kind === 'idle') await follow()
      return shapesOf(foregrounds)
    },
    onKnown: (listener) => void listeners.push(listener),
  }
}
