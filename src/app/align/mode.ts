import { createGallery } from '@/app/align/gallery'
import { createPreferences, recallAutomatic } from '@/app/align/preferences'
import { besideCanvas } from '@/app/besideCanvas'
import type { FinishedRun } from '@/app/finishedRun'
import type { AppServices } from '@/app/services'
import type { MadeMode } from '@/app/mode'
import { pickFiles } from '@/app/pickFiles'
import { createPreferencesStore } from '@/ui/align/preferencesStore'
import { createAlignStore } from '@/ui/align/store'
import { isArchive } from '@/ui/weightFiles'
import { say } from '@/words/say'

/** Mode Align in the app: its gallery, and pairs for preference training. */
export function createAlignMode(services: AppServices): MadeMode<'align'> {
  const { run, toasts, results } = services
  const store = createAlignStore()
  const preferences = createPreferencesStore(recallAutomatic())
  const pairs = createPreferences({ preferences, run, toasts })
  /** Preference training hears of every aligned picture before it is shown. */
  const tellPairs = async ({ recipe, report, pixels }: FinishedRun<'align'>, keep?: boolean) => {
    if (pixels) await pairs.onAligned({ recipe, record: report, target: pixels }, keep)
  }
  const gallery = createGallery({
    ...services,
    align: store,
    async onPair(done) {
      // Who has pairs made wants pairs.
      await tellPairs(done, true)
      await results.keep(done)
    },
  })
  return {
    mode: {
      ...besideCanvas(services, (mark) => say('Aligned, {mark}', { mark })),
      choosePictures: () => void pickFiles(true).then((files) => gallery.addPictures(files)),
      addPictures: (files) => gallery.addPictures(files),
      ownFiles: { isOne: isArchive, open: (file) => pairs.importArchive(file) },
      load: () => pairs.load(),
      keepsPixels: true,
      onFinished: (done) => tellPairs(done),
      // Another pair: what lies there is an older one's target.
      leaves: (_, { align: now }, { align: before }) =>
        now.base !== before.base || now.reference !== before.reference,
      another: () => gallery.anotherBase(),
      toggleOverlay: () => store.setState(({ mask }) => ({ mask: !mask })),
      busy: () => ['exporting', 'importing'].includes(preferences.getState().transfer.kind),
      again: () => void gallery.sample(),
      stepBack: () => store.setState({ large: null }),
    },
    service: {
      store,
      preferences,
      pairs,
      sample: () => gallery.sample(),
      sampleAgain: (ids) => gallery.sampleAgain(ids),
      makePairs: (rule) => gallery.makePairs(rule),
    },
  }
}
