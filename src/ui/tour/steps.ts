import type { Studio } from '@/ui/studio'
import type { PlainMessage } from '@/words/say'

/** One control, what it is for, and how to tell that it was used. */
export interface TourStep {
  title: PlainMessage
  about: PlainMessage
  /** Selectors of what it is about; the first that is on the page is pointed at. */
  targets: readonly string[]
  /** What lies below it should stay in sight. */
  above?: boolean
  /** The tour goes on once this becomes so. */
  done(studio: Studio): boolean
}

const byId = (id: string): string => `[data-testid="${id}"]`

const isMove = (label: string | null): boolean =>
  label !== null && /^(Move|Scale|Rotate) (?!light$)/.test(label)

/** A picture from its beginning to a file, over the studio's own controls. */
export const TOUR: readonly TourStep[] = [
  {
    title: 'Begin with a picture',
    about: 'Take one of these scenes, or drop a photo of your own anywhere.',
    targets: ['.start .samples ul', byId('open-background')],
    done: ({ document }) => document.getState().document.background !== null,
  },
  {
    title: 'Place an object',
    about:
      'Drag it to where it should stand; its corners scale and turn it. More cut-outs come by Add foreground, or are dropped on the picture.',
    targets: [byId('canvas')],
    done: ({ document }) => isMove(document.getState().undoLabel),
  },
  {
    title: 'Turn the light',
    about: 'This sun is a handle. Drag it where the photo’s light comes from: the shadow follows.',
    targets: [byId('guide-sun'), byId('canvas')],
    above: true,
    done: ({ document }) => document.getState().undoLabel === 'Move light',
  },
  {
    title: 'Fuse',
    about: 'Makes the picture: light, shadow and contact at full size. Then accept it, or try another.',
    targets: [byId('fuse'), byId('stop')],
    done: ({ run }) => run.getState().staged !== null,
  },
  {
    title: 'Take it with you',
    about: 'Export as JPEG, WebP, AVIF or Photoshop, or download the PNG. Your work is kept here meanwhile.',
    targets: [byId('export')],
    done: ({ dialogs }) => dialogs.getState().dialog?.kind === 'export',
  },
]
