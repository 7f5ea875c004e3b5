import { anotherSeed } from '@/app/anotherSeed'
import { besideCanvas } from '@/app/besideCanvas'
import { drawMapSheet } from '@/app/compose/mapSheet'
import { createReferences } from '@/app/compose/references'
import type { AppServices } from '@/app/services'
import type { MadeMode } from '@/app/mode'
import { pickFiles } from '@/app/pickFiles'
import { pictureName } from '@/app/pictureName'
import { saveFile } from '@/app/saveFile'
import { stagedIn } from '@/ui/stores/run'
import { say } from '@/words/say'

/** Mode Compose in the app. */
export function createComposeMode(services: AppServices): MadeMode<'compose'> {
  const { view, run, library, importing, results } = services
  const references = createReferences(services)
  const add = (files: File[]) => importing.busy(() => references.add(files))
  const choosePictures = () => void pickFiles(true).then(add)
  const mapped = () => {
    const staged = stagedIn(run.getState(), 'compose')
    return staged?.report ? { ...staged, report: staged.report } : null
  }
  return {
    mode: {
      ...besideCanvas(services, (mark) => say('Composed, {mark}', { mark })),
      choosePictures,
      addPictures: add,
      keepsPixels: false,
      another: () => anotherSeed(services),
      toggleOverlay() {
        if (mapped()) view.actions.setResponse(!view.getState().response)
      },
    },
    service: {
      cutOut: (id) => references.cutOut(id),
      addResult: (id) => importing.busy(() => references.addResult(id, results.nameOf(id))),
      async exportMaps() {
        const staged = mapped()
        const picture = staged && library.drawables(staged.asset.hash)
        if (!staged || !picture) return
        const sheet = await drawMapSheet(picture, staged.report, staged.recipe)
        saveFile(sheet, pictureName('png', 'response-maps', staged.recipe.seed))
      },
    },
  }
}
