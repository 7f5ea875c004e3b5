/** Place on FLUX.2 [klein] from the command line: weights are imported once, then pictures are made in any number of settings. */
import * as v from 'valibot'

import { embedRecipe } from '@/assets/recipe'
import { fail, problemOf } from '@/base/errors'
import { newId } from '@/base/id'
import { download, fetchPicture, runJob, startEngine, withEngine, type Picture } from '@/cli/engineRun'
import { givenFiles, importFiles, withLibrarian } from '@/cli/librarian'
import type { KleinAnswer, KleinPicture, KleinRequest, KleinRun } from '@/cli/requests'
import type { Precision } from '@/families/family'
import { FAMILIES, PARTS } from '@/families/registry'
import type { ModelRef } from '@/schema/modelRef'
import { ofSeed, PlaceRecipe } from '@/schema/modes/place'
import type { InstalledModel } from '@/worker/protocol'
import { valueOf } from '@/worker/supervised'

type Note = (line: string) => void

const KINDS = ['klein', 'kleinVae', 'qwen3', 'qwenTokenizer'] as const

/** What the studio calls a pack's precision. */
const CALLED: Record<Precision, string> = { q4: '4-bit', q8: '8-bit', f16: 'f16' }

/** Bytes that a run may take on the device, unless it is said otherwise. */
const GIGABYTE = 1e9

export async function klein(request: KleinRequest, note: Note): Promise<KleinAnswer> {
  try {
    const installed = await withWeights(request.precisions, note)
    if (request.runs.length === 0) return { ok: true, pictures: [] }
    return { ok: true, pictures: await withEngine((worker) => runAll(request, installed, worker, note)) }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

/** The packs that there are, after those were imported that the files in the page's input can be made into. */
const withWeights = (precisions: readonly Precision[], note: Note): Promise<InstalledModel[]> =>
  withLibrarian(async (worker) => {
    const files = givenFiles()
    const groups = files.length > 0 ? valueOf(await worker.tell((models) => models.inspect(files))) : []
    for (const { files: own, found } of groups) {
      if (!found.ok) {
        note(`${own.map(({ name }) => name).join(', ')}: ${found.problem.message}`)
        continue
      }
      const { packBytes, name, family, base, question } = found.value
      // Where nothing in an adapter tells whom it is for, it is for klein here.
      const mine = family === 'lora' ? question?.answers.indexOf(FAMILIES.flux2.name) : undefined
      const answer = mine === undefined || mine < 0 ? null : mine
      const offered = Object.keys(packBytes) as Precision[]
      const wanted = family === 'flux2Dit' ? precisions : precisions.slice(0, 1)
      for (const precision of wanted) {
        const taken = offered.includes(precision) || offered.length === 0 ? precision : offered[0]
        const called = offered.length === 0 ? null : CALLED[taken]
        const there = valueOf(await worker.call((models) => models.list())).some(
          (one) =>
            one.family === family &&
            (answer !== null || (one.base ?? base) === base) &&
            (called === null || one.precision === called) &&
            own.some((file) => one.files.includes(file.name)),
        )
        if (!there) await importFiles(worker, own, { precision: taken, name, role: null, answer }, note)
      }
    }
    return valueOf(await worker.call((models) => models.list()))
  })

/** The newest pack of each kind, klein in the precision that is asked for. */
function modelOf(
  installed: readonly InstalledModel[],
  precision: Precision | null,
  loras: KleinRequest['loras'],
): ModelRef {
  const called = precision && CALLED[precision]
  const newest = (isMeant: (pack: InstalledModel) => boolean): InstalledModel | undefined =>
    installed
      .filter((pack) => pack.problem === null && isMeant(pack))
      .toSorted((a, b) => b.importedAt - a.importedAt)[0]
  const parts = KINDS.flatMap((kind) => {
    const isMeant = (pack: InstalledModel) =>
      PARTS[kind].matches(pack) && (kind !== 'klein' || called === null || pack.precision === called)
    const pack = newest(isMeant)
    if (pack) return [{ family: pack.family, name: pack.name, hash: pack.hash, weight: 1 }]
    // A text that was kept needs no encoder.
    if (kind === 'qwen3' || kind === 'qwenTokenizer') return []
    const at = called ? ` at ${called}` : ''
    return fail(
      'missing-asset',
      `This needs ${PARTS[kind].words}${kind === 'klein' ? at : ''}.`,
      'Give its files with --weights.',
    )
  })
  const adapters = loras.map(({ file, weight }) => {
    const pack = newest(
      ({ family, base, files }) => family === 'lora' && base === 'flux2' && files.includes(file),
    )
    if (pack) return { family: pack.family, name: pack.name, hash: pack.hash, weight }
    return fail(
      'missing-asset',
      `“${file}” is no adapter for klein that can be used.`,
      'See the line about it above.',
    )
  })
  return { name: parts[0].name, hash: parts[0].hash, parts: [...parts, ...adapters] }
}

async function runAll(
  request: KleinRequest,
  installed: readonly InstalledModel[],
  worker: Parameters<typeof startEngine>[0],
  note: Note,
): Promise<KleinPicture[]> {
  const background = await fetchPicture(request.background)
  const foregrounds = await Promise.all(request.foregrounds.map(({ picture }) => fetchPicture(picture)))
  const info = await startEngine(worker, request)
  note(`klein on ${info.backend}${info.adapter ? ` (${info.adapter})` : ''}: ${info.reason}`)
  const pictures: KleinPicture[] = []
  for (const run of request.runs) {
    const recipe = recipeOf(
      request,
      run,
      modelOf(installed, run.precision, request.loras),
      background,
      foregrounds,
    )
    note(`${run.name}, seed ${recipe.seed}`)
    const rasters = [background, ...foregrounds].map(({ raster }) => ({
      ...raster,
      data: raster.data.slice(),
    }))
    const memory = { memoryBytes: request.memoryGB * GIGABYTE }
    const { image, stats, report } = await runJob(worker, { id: newId(), recipe, rasters, ...memory }, note)
    const all = [{ seed: recipe.seed, image, notes: report.notes }, ...(report.others ?? [])]
    for (const [index, one] of all.entries()) {
      const file = `${run.name}${index > 0 ? `-${index + 1}` : ''}.png`
      download(await embedRecipe(one.image, ofSeed(recipe, one.seed)), file)
      const { width, height } = one.image
      pictures.push({ run: run.name, file, seed: one.seed, width, height, stats, notes: one.notes })
    }
  }
  return pictures
}

function recipeOf(
  { foregrounds: placed }: KleinRequest,
  { prompt, seed, steps, strength, klein: settings }: KleinRun,
  model: ModelRef,
  background: Picture,
  foregrounds: readonly Picture[],
): PlaceRecipe {
  const checked = v.safeParse(PlaceRecipe, {
    ...{ schema: 2, mode: 'place', model, prompt, seed, steps, strength },
    background: background.asset,
    foregrounds: placed.map(({ box, stretch, lift }, index) => ({
      ...{ asset: foregrounds[index].asset, box, stretch, rotationDegrees: 0, flipX: false },
      ...(lift > 0 ? { stands: false, lift } : {}),
    })),
    klein: settings,
  })
  if (checked.success) return checked.output
  return fail(
    'bad-recipe',
    'These settings cannot be run.',
    'Check the numbers given.',
    v.summarize(checked.issues),
  )
}
