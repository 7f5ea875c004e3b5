import { anotherSeed } from '@/app/anotherSeed'
import type { AppServices } from '@/app/services'
import type { MadeMode } from '@/app/mode'
import { leaves, shows } from '@/app/place/awaited'
import { createChanges } from '@/app/place/changes'
import { createGeometries } from '@/app/place/geometries'
import { keepLighting } from '@/app/place/lighting'
import { followPhoto } from '@/app/place/photoLight'
import { createMasks } from '@/app/place/masks'
import { createTaking } from '@/app/place/taking'
import { createSeveral } from '@/app/place/several'
import { keepOthers } from '@/app/place/others'
import { createVariations } from '@/app/place/variations'
import { acceptResult, setMode } from '@/document/commands'
import { fuseTargets } from '@/document/layers'
import { standsAs } from '@/document/place/files'
import { groundOf } from '@/document/place/queries'
import type { FusionDocument } from '@/schema/document'
import type { PlaceRecipe } from '@/schema/modes/place'
import { awayAssets } from '@/schema/modes/placeKlein'
import { say, sayText } from '@/words/say'

/** Mode Place in the app: all of it lies on the canvas. */
export function createPlaceMode(services: AppServices): MadeMode<'place'> {
  const { document, toasts, importing, results, openPictures } = services
  const geometries = createGeometries(services)
  keepLighting({ ...services, geometries })
  const photo = followPhoto(services)
  const { settle: settleChanges, ...changes } = createChanges(services)
  const { settle: settleMasks, ...masks } = createMasks(services)
  const taking = createTaking({ ...services, geometries })
  const settle = async (): Promise<void> => {
    await settleMasks()
    await settleChanges()
  }

  /** Shows why a result cannot be laid over the open picture, and how it can. */
  const refuse = (recipe: PlaceRecipe): false => {
    toasts.actions.problem(
      {
        code: 'bad-recipe',
        message: 'This result was made on another background.',
        hint: 'Restore its recipe first; what is open now can be brought back with undo.',
      },
      { label: say('Restore recipe|button'), run: () => void importing.restoreRecipe(recipe) },
    )
    return false
  }

  const mode: MadeMode<'place'>['mode'] = {
    choosePictures() {
      if (document.getState().document.background) openPictures('foreground')
    },
    addPictures: (files, role) => importing.importFiles(files, role),

    async prepare(doc) {
      const { lit, problem } = await photo.lit(doc)
      if (problem)
        toasts.actions.note(
          say('The photo’s light could not be read, so it is drawn as it is set. {problem}', {
            problem: sayText(problem.message),
          }),
        )
      return lit
    },

    targetsOf: (doc) => fuseTargets(doc).map(({ id }) => id),
    keepsPixels: false,
    async onFinished(done) {
      const { notes, others = [] } = done.report
      for (const note of new Set([...notes, ...others.flatMap((one) => one.notes)]))
        toasts.actions.note(sayText(note))
      await keepOthers(services, done)
    },

    async makeRoom(recipe) {
      setMode(document, 'place')
      // Nothing is open that could be lost: bring back what the result was made of.
      if (!document.getState().document.background) await importing.restoreRecipe(recipe)
      const size = document.getState().document.background
      const same = size?.width === recipe.background.width && size.height === recipe.background.height
      return same || refuse(recipe)
    },
    leaves,
    shows,
    madeOf,
    dividerFor,
    // The last strokes go along.
    async take(staged) {
      await settleMasks()
      return taking.take(staged)
    },
    groundOf: (staged) => groundOf(document.getState().document, staged?.recipe),
    async takeLayers(staged) {
      await settleMasks()
      return taking.takeLayers(staged)
    },

    settle,
    accept(staged) {
      for (const { hash } of [staged.asset, ...awayAssets(staged.recipe.klein)]) void importing.persist(hash)
      acceptResult(document, staged, (n) => say('Result {n}', { n }))
      results.discard()
      toasts.actions.note(say('The result is now a layer.'), {
        label: say('Undo'),
        run: () => document.actions.undo(),
      })
    },

    another: async () => {
      // Light that is set by hand would come out the same.
      const { placeModel, scene } = document.getState().document
      if (placeModel === 'mini2' && scene.source !== 'photo') return
      await settle()
      await anotherSeed(services)
    },
    stepBack: () => document.actions.select(null),
  }
  return {
    mode,
    service: {
      ...masks,
      async merge(layerId) {
        await settleMasks()
        await taking.merge(layerId)
      },
      ...createSeveral(services),
      ...changes,
      ...createVariations({ ...services, geometries, photo }),
    },
  }
}

const madeOf = ({ foregrounds }: PlaceRecipe, doc: FusionDocument): string[] =>
  doc.layers.filter((layer) => foregrounds.some((one) => standsAs(one, layer))).map(({ id }) => id)

/** In the middle, or through the object where that stands aside: both sides need something to compare. */
function dividerFor({ background, foregrounds }: PlaceRecipe): number {
  const box = foregrounds.at(-1)?.box
  if (!box) return 0.5
  const middle = background.width / 2
  if (box.x < middle && middle < box.x + box.width) return 0.5
  return Math.min(0.9, Math.max(0.1, (box.x + box.width / 2) / background.width))
}
