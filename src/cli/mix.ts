/** One mixture on the studio's own workers, on models that are imported for it. */
import { transfer } from 'comlink'

import { embedRecipe } from '@/assets/recipe'
import { fail, InlayError, problemOf } from '@/base/errors'
import { newId } from '@/base/id'
import { labelOf, MAX_LABEL, mixPrompt } from '@/base/mixWords'
import {
  describe,
  download,
  fetchPicture,
  runJob,
  startEngine,
  stopped,
  withEngine,
  type Picture,
} from '@/cli/engineRun'
import { givenFiles, importFiles, withLibrarian } from '@/cli/librarian'
import type { FuseAnswer, MixRequest } from '@/cli/requests'
import { NETWORKS, PARTS, type NetworkFamily, type PartKind } from '@/families/registry'
import type { ModelRef } from '@/schema/modelRef'
import {
  defaultMixSearch,
  defaultMixSettings,
  evenPoint,
  worthOf,
  type MixPoint,
  type MixRecipe,
} from '@/schema/modes/mix'
import type { EngineApi, ExtraEvent, InstalledModel } from '@/worker/protocol'
import { valueOf, type SupervisedWorker } from '@/worker/supervised'

const KINDS: readonly PartKind[] = ['transformer', 'redux', 'siglip', 'clip', 'clipTokenizer', 'vae']
const SCORERS: readonly PartKind[] = ['dino', 'scorer']

const importModels = (
  { precision, models: counts }: Pick<MixRequest, 'precision' | 'models'>,
  note: (line: string) => void,
): Promise<InstalledModel[]> =>
  withLibrarian(async (worker) => {
    const files = givenFiles()
    const models: InstalledModel[] = []
    for (const count of counts) {
      const together = files.splice(0, count)
      for (const group of valueOf(await worker.tell((librarian) => librarian.inspect(together)))) {
        if (!group.found.ok) {
          note(`left out: ${group.found.problem.message}`)
          continue
        }
        const { name, family, part, role, packBytes } = group.found.value
        const offered = family in NETWORKS ? NETWORKS[family as NetworkFamily].precisions : []
        const isOffered = offered.includes(precision) && packBytes[precision] !== undefined
        const choice = { precision: isOffered ? precision : ('f16' as const), name, role, part }
        models.push(await importFiles(worker, group.files, choice, note))
      }
    }
    return models
  })

/** The parts of Mix among models. @throws missing-asset */
function modelOf(models: readonly InstalledModel[], needed: readonly PartKind[]): ModelRef {
  const parts = [...KINDS, ...SCORERS].flatMap((kind) => {
    const found = models.find((one) => PARTS[kind].matches(one))
    if (!found && needed.includes(kind))
      fail(
        'missing-asset',
        `Mix needs ${PARTS[kind].words}, which is not among the models.`,
        'Put its files into the folder that --models names; docs/models.md lists them.',
      )
    return found ? [{ family: found.family, name: found.name, hash: found.hash, weight: 1 }] : []
  })
  const [transformer] = parts
  return { name: `${transformer.name} + Redux`, hash: transformer.hash, parts }
}

/** The best of all drafts. @throws as the engine */
function searched(
  worker: SupervisedWorker<EngineApi>,
  recipe: MixRecipe,
  pictures: readonly Picture[],
  note: (line: string) => void,
): Promise<MixPoint> {
  let best: { point: MixPoint; worth: number } | null = null
  const { size, steps, rounds } = defaultMixSearch()
  const drafts = { ...recipe, mix: { ...recipe.mix, size, steps } }
  const job = {
    kind: 'mixtures' as const,
    id: newId(),
    recipe: { recipe: drafts, wanted: { kind: 'search' as const, rounds }, known: [] },
    rasters: pictures.map(({ raster }) => ({ ...raster, data: raster.data.slice() })),
  }
  return new Promise((resolve, reject) =>
    worker.follow<ExtraEvent<'mixtures'>>(
      (engine, port) => engine.extra(job, transfer(port, [port])),
      (event) => {
        const line = describe(event)
        if (line !== null) note(line)
        if (event.kind === 'item' && event.item.judgement) {
          const { point, judgement } = event.item
          note(`draft ${point.shares[1]}: ${judgement.score.toFixed(3)}`)
          if (!best || worthOf(judgement) > best.worth) best = { point, worth: worthOf(judgement) }
        }
        if (event.kind === 'failed') reject(new InlayError(event.problem))
        if (event.kind === 'cancelled') reject(stopped())
        // A search that ends has found something.
        if (event.kind === 'done') resolve(best?.point ?? recipe.point)
      },
    ),
  )
}

/** @throws bad-recipe */
function objectsOf(request: MixRequest, pictures: readonly Picture[]): MixRecipe['objects'] {
  if (new Set(pictures.map(({ asset }) => asset.hash)).size < pictures.length)
    fail('bad-recipe', 'The same picture was given twice.', 'Give another picture for one of them.')
  return pictures.map(({ asset }, i) => {
    const label = (request.objects[i].label ?? labelOf(asset.name)).trim()
    const hint = 'Say what each object is with --label, for example --label "glass jar".'
    if (label === '') fail('bad-recipe', `What “${asset.name}” shows is not known.`, hint)
    if (label.length > MAX_LABEL)
      fail('bad-recipe', `A label has at most ${MAX_LABEL} characters, not ${label.length}.`, hint)
    return { asset, label }
  })
}

export const mix = (request: MixRequest, note: (line: string) => void): Promise<FuseAnswer> =>
  withEngine((worker) => mixOnWorker(request, worker, note)).catch((error: unknown) => ({
    ok: false as const,
    problem: problemOf(error),
  }))

async function mixOnWorker(
  request: MixRequest,
  worker: SupervisedWorker<EngineApi>,
  note: (line: string) => void,
): Promise<FuseAnswer> {
  const pictures = await Promise.all(request.objects.map(({ picture }) => fetchPicture(picture)))
  const objects = objectsOf(request, pictures)
  const models = await importModels(request, note)
  const automatic = request.alpha === null && pictures.length === 2
  const model = modelOf(models, automatic ? [...KINDS, ...SCORERS] : KINDS)
  const info = await startEngine(worker, request)
  note(`${model.name} on ${info.backend}${info.adapter ? ` (${info.adapter})` : ''}: ${info.reason}`)
  const even = evenPoint(objects.length)
  const given = request.alpha === null ? even : { ...even, shares: [1 - request.alpha, request.alpha] }
  const recipe: MixRecipe = {
    schema: 2,
    mode: 'mix',
    model,
    objects,
    prompt: request.prompt || mixPrompt(objects),
    seed: request.seed,
    point: given,
    mix: { ...defaultMixSettings(), size: request.size, steps: request.steps },
    search: automatic ? defaultMixSearch() : null,
  }
  const point = automatic ? await searched(worker, recipe, pictures, note) : given
  const job = { id: newId(), recipe: { ...recipe, point }, rasters: pictures.map(({ raster }) => raster) }
  const { image, stats } = await runJob<'mix'>(worker, job, note)
  download(await embedRecipe(image, job.recipe), 'fused.png')
  const { width, height } = image
  return { ok: true, stats, width, height, notes: pictures.flatMap(({ notes }) => notes) }
}
