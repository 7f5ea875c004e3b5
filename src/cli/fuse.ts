/** A picture of any mode on the page's engine, from addresses of pictures to PNGs with their recipes. */
import { problemOf, fail, unreachable } from '@/base/errors'
import type { FusedPicture, FuseAnswer, FuseRequest, LayerFormat, PackChoice } from '@/cli/requests'
import type { EngineProgress, LoraInput, PlaceOptions, RunOptions } from '@/engine/api'
import { createStudioEngine, type StudioEngine } from '@/engine/createEngine'
import { installedPacks } from '@/engine/librarian'
import { PictureBook } from '@/engine/pictures'
import type { MadeHere } from '@/engine/runs'
import type { Precision } from '@/families/family'
import { PARTS, type FamilyId, type PartKind } from '@/families/registry'
import { PlaceRecipe } from '@/schema/modes/place'
import * as v from 'valibot'

type Note = (line: string) => void

/** The engine of the run before stays, with the models that it has open, where the same one is asked for. */
let kept: { asked: string; engine: Promise<StudioEngine> } | null = null

function engineFor(asked: FuseRequest['engine'], note: Note): Promise<StudioEngine> {
  const key = JSON.stringify(asked)
  if (kept?.asked === key) return kept.engine
  void kept?.engine.then((engine) => engine.dispose())
  const engine = createStudioEngine({ ...asked, assets: new URL('./', location.href) })
  kept = { asked: key, engine }
  // One that could not start is asked for anew.
  engine.then(
    ({ state }) => note(`on ${state.backend}${state.adapter ? ` (${state.adapter})` : ''}: ${state.reason}`),
    () => (kept = null),
  )
  return engine
}

export async function fuse(request: FuseRequest, note: Note): Promise<FuseAnswer> {
  try {
    const engine = await engineFor(request.engine, note)
    const made = await makeOn(engine, request, note)
    const pictures: FusedPicture[] = []
    for (const [index, one] of [made, ...made.others].entries()) {
      const file = `fused${index > 0 ? `-${index + 1}` : ''}.png`
      download(await one.toPng(), file)
      pictures.push({ file, notes: one.notes })
    }
    if (request.mode === 'place' && request.layers)
      await downloadLayers(request.layers, request.options, made as MadeHere<'place'>)
    const { width, height } = made.picture
    return { ok: true, stats: made.report, width, height, pictures }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

async function makeOn(engine: StudioEngine, request: FuseRequest, note: Note): Promise<MadeHere> {
  const run: RunOptions = { onProgress: (progress) => note(describe(progress)) }
  const packs = request.packs ? await packsOf(request.packs) : {}
  switch (request.mode) {
    case 'place':
      return engine.place({ ...request.options, ...packs, ...run })
    case 'compose':
      return engine.compose({ ...request.options, ...packs, ...run })
    case 'align':
      return engine.align({ ...request.options, ...packs, ...run })
    case 'mix':
      return engine.mix({ ...request.options, ...packs, ...run })
    case 'project': {
      const { project, memoryGB } = request.options
      return engine.project(project.picture, { memoryGB, ...run })
    }
    default:
      return unreachable(request)
  }
}

/** What the studio calls a pack's precision. */
export const CALLED: Record<Precision, string> = { q4: '4-bit', q8: '8-bit', f16: 'f16' }

/** What is sampled with. */
const MAIN: Record<FamilyId, PartKind> = { flux: 'transformer', flux2: 'klein', sd2: 'unet' }

/** Installed models by their hashes. @throws missing-asset */
async function packsOf({ precision, loras, base }: PackChoice) {
  const usable = (await installedPacks())
    .filter(({ problem }) => problem === null)
    .toSorted((a, b) => b.importedAt - a.importedAt)
  const main = usable.find(
    (one) => PARTS[MAIN[base]].matches(one) && precision !== null && one.precision === CALLED[precision],
  )
  if (precision !== null && !main)
    fail(
      'missing-asset',
      `This needs ${PARTS[MAIN[base]].words} at ${CALLED[precision]}.`,
      'Give its files with --weights.',
    )
  const adapters = loras.map(({ file, weight }): LoraInput => {
    const pack = usable.find(
      ({ family, base: own, files }) => family === 'lora' && own === base && files.includes(file),
    )
    if (pack) return { hash: pack.hash, weight }
    return fail(
      'missing-asset',
      `“${file}” is no adapter that can be used here.`,
      'See the line about it above.',
    )
  })
  return { transformer: main?.hash ?? null, loras: adapters }
}

/** Progress as a line for the terminal. */
function describe({ stage, done, total }: EngineProgress): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
  switch (stage) {
    case 'loading':
      return `loading ${megabytes(done)} of ${megabytes(total)} MB`
    case 'encoding':
      return `encoding foreground ${done} of ${total}`
    case 'compositing':
      return 'compositing'
    case 'text':
    case 'pictures':
    case 'inversion':
    case 'transformer':
    case 'step':
    case 'decode':
    case 'finishing':
      return `${stage} ${done} of ${total}`
  }
}

/** The layers are drawn here, from pictures that the engine need not give back; it draws the same ones. */
async function downloadLayers(
  format: LayerFormat,
  { background, foregrounds }: PlaceOptions,
  { recipe: made, detail }: MadeHere<'place'>,
) {
  const { folderOf, layersOf, psdOf } = await import('@/cli/layers')
  const recipe = v.parse(PlaceRecipe, made)
  const book = new PictureBook()
  const assets = []
  for (const picture of [background, ...foregrounds.map(({ picture }) => picture)])
    assets.push(await book.add(picture, ''))
  const stack = await layersOf(recipe, book.pixelsOf(assets), detail.shapes)
  const bytes = format === 'psd' ? psdOf(stack, recipe) : await folderOf(stack, recipe)
  download(new Blob([bytes]), `layers.${format}`)
}

/** Lets the browser's owner take the file: the command line waits for this download. */
function download(file: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
}
