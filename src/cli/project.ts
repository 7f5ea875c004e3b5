/** A project's picture made again, from its file alone. */
import { embedRecipe } from '@/assets/recipe'
import { fail, problemOf } from '@/base/errors'
import { newId } from '@/base/id'
import { download, runJob, startEngine, withEngine } from '@/cli/engineRun'
import type { FuseAnswer, ProjectRequest } from '@/cli/requests'
import { readiness, recipeAssets, recipeOf } from '@/document/queries'
import { openProject, type Project } from '@/project/projectFile'
import { readProjectPicture } from '@/project/projectPictures'
import { MINI_2 } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'
import type { EngineApi, FuseJob } from '@/worker/protocol'
import type { SupervisedWorker } from '@/worker/supervised'

/** What Fuse would make of the document, else what its topmost result was made by. */
function recipeIn({ document, results }: Project): Recipe {
  if (document.mode === 'place' && document.placeModel === 'mini2' && readiness(document).ready)
    return recipeOf(document, MINI_2)
  const made = document.layers.flatMap((layer) => (layer.kind === 'result' ? [layer.recipe] : []))
  return (
    made.at(-1) ??
    results.at(0)?.recipe ??
    fail(
      'bad-recipe',
      'There is nothing in this project that could be made again.',
      'Open it in the studio and fuse it there once.',
    )
  )
}

async function fuseOnWorker(
  request: ProjectRequest,
  worker: SupervisedWorker<EngineApi>,
  note: (line: string) => void,
): Promise<FuseAnswer> {
  const project = await openProject(await (await fetch(request.url)).blob())
  const recipe = recipeIn(project)
  if (recipe.mode !== 'place' || !recipe.scene)
    fail(
      'unsupported',
      `This project is made by ${recipe.model.name}, which the command line runs from its own options alone.`,
      'Open it in the studio, or see npm run fuse -- --help.',
    )
  const rasters = []
  for (const { hash, name } of recipeAssets(recipe)) {
    const picture = project.pictures.find((one) => one.hash === hash)
    if (!picture)
      fail('missing-asset', `“${name}” is not in this project.`, 'Save it again where the picture still is.')
    rasters.push((await readProjectPicture(picture)).raster)
  }
  const info = await startEngine(worker, request)
  note(`${MINI_2.name} on ${info.backend}${info.adapter ? ` (${info.adapter})` : ''}: ${info.reason}`)
  const job: FuseJob = { id: newId(), recipe, rasters }
  const { image, stats, report } = await runJob(worker, job, note)
  download(await embedRecipe(image, recipe), 'fused.png')
  return { ok: true, stats, width: image.width, height: image.height, notes: report?.notes ?? [] }
}

export async function fuseProject(
  request: ProjectRequest,
  note: (line: string) => void,
): Promise<FuseAnswer> {
  return withEngine((worker) => fuseOnWorker(request, worker, note)).catch((error: unknown) => ({
    ok: false as const,
    problem: problemOf(error),
  }))
}
