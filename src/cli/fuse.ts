/** One fuse on the studio's own worker, from addresses of pictures to a PNG with its recipe. */
import { transfer } from 'comlink'
import * as v from 'valibot'

import { embedRecipe } from '@/assets/recipe'
import { fail, InlayError, problemOf } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'
import { newId } from '@/base/id'
import {
  download,
  fetchPicture,
  runJob,
  startEngine,
  withEngine,
  type Done,
  type Picture,
} from '@/cli/engineRun'
import type { FuseAnswer, FuseRequest, LayerFormat, Lighting } from '@/cli/requests'
import {
  defaultPlaceScene,
  MINI_2,
  PlaceRecipe,
  type PhotoScene,
  type PlaceScene,
} from '@/schema/modes/place'
import type { EngineApi, ExtraEvent, ExtraJob, FuseJob } from '@/worker/protocol'
import type { SupervisedWorker } from '@/worker/supervised'

/** Asks what the background says of its light. */
function readPhoto(
  worker: SupervisedWorker<EngineApi>,
  { raster }: Picture,
  { prompt, seed, steps }: FuseRequest,
): Promise<PhotoScene> {
  const rasters = [{ ...raster, data: raster.data.slice() }]
  const job: ExtraJob<'scene'> = { kind: 'scene', id: newId(), recipe: { prompt, seed, steps }, rasters }
  return new Promise((resolve, reject) =>
    worker.follow<ExtraEvent<'scene'>>(
      (engine, port) => engine.extra(transfer(job, [rasters[0].data.buffer]), transfer(port, [port])),
      (event) => {
        if (event.kind === 'item') resolve(event.item)
        if (event.kind === 'failed') reject(new InlayError(event.problem))
      },
    ),
  )
}

/** Light as a recipe has it: what nobody has said is the photo's. Strength is that of what the layers change. */
function sceneOf(
  { known, lighting: { lights, horizon, fov } }: Pick<FuseRequest, 'known' | 'lighting'>,
  read: PhotoScene | null,
  picture: Size,
  strength: number,
): PlaceScene {
  const scene: PlaceScene = { ...defaultPlaceScene(), ...structuredClone(read) }
  if (known || lights.length > 0 || horizon || fov !== null) scene.source = 'hand'
  for (const layer of ['shadow', 'contact', 'reflection', 'relight', 'tone'] as const)
    scene.amounts[layer] *= strength
  const [usual] = defaultPlaceScene().lights
  const total = lights.reduce((sum, { share }) => sum + (share ?? usual.share[0] / lights.length), 0)
  if (lights.length > 0)
    scene.lights = lights.map(({ azimuth, elevation, disc, share }) => ({
      azimuthDegrees: azimuth,
      elevationDegrees: elevation,
      discDegrees: disc,
      // Two lights share what one has, unless it is said; never more than there is.
      share: usual.share.map((one) => (share ?? one / lights.length) / Math.max(1, total)) as [
        number,
        number,
        number,
      ],
    }))
  if (horizon) {
    scene.camera.horizon = horizon.row / picture.height
    scene.camera.tiltDegrees = horizon.tilt
  }
  if (fov !== null) scene.camera.fovDegrees = fov
  return scene
}

/** Whether nothing is left for the photo to say; of its ground no option speaks. */
const isSaid = ({ lights, horizon, fov }: Lighting): boolean =>
  lights.length > 0 && horizon !== null && fov !== null

/** The layers are drawn here, from pictures that the engine need not give back; it draws the same ones. */
async function downloadLayers(
  format: LayerFormat,
  recipe: PlaceRecipe,
  rasters: readonly Raster[],
  report: Done['report'],
) {
  const { folderOf, layersOf, psdOf } = await import('@/cli/layers')
  const stack = await layersOf(recipe, rasters, report?.shapes ?? null)
  download(format === 'psd' ? psdOf(stack, recipe) : await folderOf(stack, recipe), `layers.${format}`)
}

async function fuseOnWorker(
  request: FuseRequest,
  worker: SupervisedWorker<EngineApi>,
  note: (line: string) => void,
): Promise<FuseAnswer> {
  const background = await fetchPicture(request.background)
  const foregrounds = await Promise.all(request.foregrounds.map(({ picture }) => fetchPicture(picture)))
  const info = await startEngine(worker, request)
  note(`${MINI_2.name} on ${info.backend}${info.adapter ? ` (${info.adapter})` : ''}: ${info.reason}`)

  const read =
    request.known ?? (isSaid(request.lighting) ? null : await readPhoto(worker, background, request))
  const checked = v.safeParse(PlaceRecipe, {
    schema: 2,
    mode: 'place',
    model: MINI_2,
    background: background.asset,
    foregrounds: request.foregrounds.map(({ box, stretch, lift }, index) => ({
      asset: foregrounds[index].asset,
      box,
      stretch,
      rotationDegrees: 0,
      flipX: false,
      ...(lift > 0 ? { stands: false, lift } : {}),
    })),
    prompt: request.prompt,
    seed: request.seed,
    steps: request.steps,
    // The layers' amounts have it.
    strength: 1,
    scene: sceneOf(request, read, background.asset, request.strength),
  } satisfies PlaceRecipe)
  if (!checked.success)
    fail(
      'bad-recipe',
      'These settings cannot be run.',
      'Check the numbers given.',
      v.summarize(checked.issues),
    )
  const recipe = checked.output

  const rasters = [background, ...foregrounds].map(({ raster }) => raster)
  // The job's pixels go over to the engine.
  const kept = request.layers ? rasters.map((raster) => ({ ...raster, data: raster.data.slice() })) : []
  const job: FuseJob = { id: newId(), recipe, rasters }
  const { image, stats, report } = await runJob(worker, job, note)
  download(await embedRecipe(image, recipe), 'fused.png')
  if (request.layers) await downloadLayers(request.layers, recipe, kept, report)
  return {
    ok: true,
    stats,
    width: image.width,
    height: image.height,
    notes: [...background.notes, ...foregrounds.flatMap(({ notes }) => notes), ...(report?.notes ?? [])],
  }
}

export async function fuse(request: FuseRequest, note: (line: string) => void): Promise<FuseAnswer> {
  return withEngine((worker) => fuseOnWorker(request, worker, note)).catch((error: unknown) => ({
    ok: false as const,
    problem: problemOf(error),
  }))
}
