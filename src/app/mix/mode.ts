import { anotherSeed } from '@/app/anotherSeed'
import { besideCanvas } from '@/app/besideCanvas'
import { createTrials } from '@/app/mix/trials'
import type { MadeMode } from '@/app/mode'
import { createPictureList } from '@/app/pictureList'
import { pickFiles } from '@/app/pickFiles'
import type { AppServices } from '@/app/services'
import { isSame } from '@/base/same'
import { addObject, replaceObjectAsset } from '@/document/mix/commands'
import { MAX_OBJECTS } from '@/schema/modes/mix'
import { createMixStore } from '@/ui/mix/store'
import { say } from '@/words/say'

/** Mode Mix in the app. */
export function createMixMode(services: AppServices): MadeMode<'mix'> {
  const { document, importing, results } = services
  const objects = () => document.getState().document.mix.objects
  const list = createPictureList(services, {
    isFull: () => objects().length >= MAX_OBJECTS,
    full: {
      code: 'bad-document',
      message: `Mix takes at most ${MAX_OBJECTS} objects.`,
      hint: 'Remove one first.',
    },
    // A run may have begun meanwhile.
    add: (asset) => void (importing.makeFree() && addObject(document, asset)),
    assetOf: (id) => objects().find((one) => one.id === id)?.asset ?? null,
    replace: (id, asset) => replaceObjectAsset(document, id, asset),
  })
  const trials = createTrials(services)
  const store = createMixStore()
  document.subscribe(({ document: { mix: now } }, { document: { mix: before } }) => {
    const { drawing } = store.getState()
    // A place is not drawn for another object than was asked.
    if (drawing !== null && now.objects[drawing]?.id !== before.objects[drawing]?.id)
      store.setState({ drawing: null })
  })
  const whenFree = (work: () => Promise<void>) =>
    importing.busy(async () => {
      if (importing.makeFree()) await work()
    })
  const add = (files: File[]) => whenFree(() => list.add(files))
  return {
    mode: {
      ...besideCanvas(services, (mark) => say('Mixed, {mark}', { mark })),
      choosePictures: () => void pickFiles(true).then(add),
      addPictures: add,
      keepsPixels: false,
      prepare: (doc) => trials.find(doc),
      stopped: () => say('Stopped. Drafts that were finished stay.'),
      leaves: (_, { mix: now }, { mix: before }) =>
        !isSame(now.objects, before.objects) || !isSame(now.point, before.point),
      another: () => anotherSeed(services),
      stepBack: () => store.setState({ drawing: null }),
    },
    service: {
      store,
      cutOut: (id) => list.cutOut(id),
      addResult: (id) => whenFree(() => list.addResult(id, results.nameOf(id))),
      draft: (points) => trials.make(points),
    },
  }
}
