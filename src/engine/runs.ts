/** A document as the studio would fuse it, and a recipe as it stands. */
import { embedRecipe } from '@/assets/recipe'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { chooseModel, builtInFamily, modelReadiness } from '@/document/models'
import { modeOf } from '@/document/modes'
import { carriedAssets, recipeAssets } from '@/document/queries'
import { someWords } from '@/document/wording'
import type { Made, MadePicture, RunOptions } from '@/engine/api'
import { fuseJob, type Done, type Running } from '@/engine/jobs'
import { installedPacks } from '@/engine/librarian'
import { prepared, toldIn } from '@/engine/modes'
import type { PictureBook } from '@/engine/pictures'
import { inRange } from '@/engine/settings'
import { PARTS } from '@/families/registry'
import type { FusionDocument } from '@/schema/document'
import { NO_MODEL, type ModelRef } from '@/schema/modelRef'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'

/** What a run gives, with all that the engine told of it. */
export interface MadeHere<M extends Mode = Mode> extends Made {
  detail: Done<M>['report']
}

/**
 * Makes what Fuse would make of a document.
 * @throws bad-recipe for what cannot be run; missing-asset where models are missing; what the engine says; cancelled
 */
export async function runDocument<M extends Mode = Mode>(
  running: Running,
  given: FusionDocument,
  book: PictureBook,
  options: RunOptions,
): Promise<MadeHere<M>> {
  const doc = inRange(given)
  const reasons = modeOf(doc).reasons(doc)
  if (reasons.length > 0) fail('bad-recipe', reasons.join(' '), 'Check what is given.')
  const { model, warnings } = await modelFor(running, doc)
  const recipe = await prepared(running, doc, modeOf(doc).recipe(doc, model), book, options)
  return runRecipe<M>(running, recipe, book, options, warnings)
}

/** @throws as `runDocument` */
export async function runRecipe<M extends Mode = Mode>(
  running: Running,
  recipe: Recipe,
  book: PictureBook,
  options: RunOptions,
  warnings: readonly string[] = [],
): Promise<MadeHere<M>> {
  const {
    image,
    report,
    stats,
    wasStopped = false,
  } = await fuseJob<M>(running, recipe, book.pixelsOf(recipeAssets(recipe)), options)
  const { notes, others } = toldIn(recipe, report)
  const known = [...book.notes, ...warnings]
  return {
    ...madePicture(image, recipe, [...known, ...notes], book),
    others: others.map((one) => madePicture(one.image, one.recipe, [...known, ...one.notes], book)),
    report: { ...stats, seconds: { ...stats.seconds }, wasStopped },
    detail: report,
  }
}

const madePicture = (
  image: Raster,
  recipe: Recipe,
  notes: readonly string[],
  book: PictureBook,
): MadePicture => ({
  picture: new ImageData(image.data, image.width, image.height),
  recipe,
  notes: [...new Set(notes)],
  toPng: async () =>
    new Blob([await embedRecipe(image, recipe, book.pixelsOf(carriedAssets(recipe)))], { type: 'image/png' }),
})

/** What the document's mode runs on. @throws missing-asset, unsupported */
async function modelFor(
  { info }: Running,
  doc: FusionDocument,
): Promise<{ model: ModelRef; warnings: string[] }> {
  const asked = modeOf(doc).modelOf(doc)
  const packs = asked.kind === 'packs' ? await installedPacks() : []
  const family = builtInFamily(doc)
  const shipped = family && info.builtIn[family]
  const builtIn = shipped ? { name: shipped.name, hash: shipped.hash, parts: [] } : NO_MODEL
  const { model, missing } = chooseModel(doc, builtIn, packs)
  const needed = missing.filter(({ need }) => need === 'required').map(({ kind }) => PARTS[kind].words)
  if (asked.kind === 'packs' && needed.length > 0)
    fail(
      'missing-asset',
      `${asked.packs.subject} needs ${someWords(needed)}.`,
      'Import it in the studio of the same host; the command line takes its files with --weights.',
    )
  const { reasons, warnings } = modelReadiness(doc, packs, info.lacking)
  if (reasons.length > 0)
    fail('unsupported', reasons.join(' '), 'Name a folder with its weights, or another model.')
  return { model, warnings }
}
