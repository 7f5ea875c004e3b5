import type { Pixels } from '@/app/pixels/client'
import { unreachable, type Problem } from '@/base/errors'
import type { DocumentStore } from '@/document/store'
import type { Interruption } from '@/storage/database'
import { noteBeginning, noteEnd, takeInterruptions } from '@/storage/interruptions'
import type { ModelsStore } from '@/ui/stores/models'
import type { QueueStore } from '@/ui/stores/queue'
import type { RunStore } from '@/ui/stores/run'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastAction, ToastStore } from '@/ui/stores/toasts'
import { say } from '@/words/say'

type Kind = Interruption['kind']

interface InterruptionsOptions {
  document: DocumentStore
  run: RunStore
  queue: QueueStore
  shelf: ShelfStore
  models: ModelsStore
  /** A mode does something of its own. */
  busy(): boolean
  toasts: ToastStore
  pixels: Pixels
  fuse(): void
  /** Begins the own run of the document's mode. */
  again(): void
  openModels(): void
}

/** Asks before running work is thrown away with the page, and says afterwards what was. */
export function watchInterruptions(options: InterruptionsOptions): void {
  const { document, run, queue, shelf, models, toasts, pixels } = options
  const own = new Set<string>()

  const going = (): Set<Kind> => {
    const { run: now } = run.getState()
    return new Set<Kind>([
      ...(now.kind === 'running' ? [now.task] : []),
      ...(queue.getState().waiting.length > 0 ? (['queue'] as const) : []),
      ...(shelf.getState().importing > 0 ? (['import'] as const) : []),
      ...(models.getState().tasks.some(({ state }) => state.kind === 'running') ? (['models'] as const) : []),
    ])
  }

  /** What waits or runs may be of another document than the open one. */
  const documentOf = (kind: Kind): string => {
    const { current, waiting } = queue.getState()
    const job = kind === 'fuse' ? current : kind === 'queue' ? waiting[0] : null
    return job?.documentId ?? document.getState().document.id
  }

  /** Written down while it goes on. Storage that fails is told elsewhere. */
  const noted = new Map<Kind, Promise<string | null>>()
  const follow = (): void => {
    const now = going()
    for (const kind of now) {
      if (noted.has(kind)) continue
      const begun = noteBeginning(documentOf(kind), kind)
      noted.set(
        kind,
        begun.then((id) => (own.add(id), id)).catch(() => null),
      )
    }
    for (const [kind, begun] of noted) {
      if (now.has(kind)) continue
      noted.delete(kind)
      void begun.then((id) => (id === null ? undefined : noteEnd(id))).catch(() => undefined)
    }
  }
  for (const store of [run, queue, shelf, models]) store.subscribe(follow)

  window.addEventListener('beforeunload', (event) => {
    const unsaved = shelf.getState().save === 'failed' || pixels.storing() !== null
    if (going().size > 0 || options.busy() || unsaved) event.preventDefault()
  })

  const actionFor = (kind: Kind): ToastAction | undefined => {
    switch (kind) {
      case 'fuse':
        return { label: say('Fuse again'), run: options.fuse }
      case 'sample':
        return { label: say('Sample again|button'), run: options.again }
      case 'models':
        return { label: say('Open models'), run: options.openModels }
      case 'queue':
      case 'pairs':
      case 'try':
      case 'import':
        return undefined
      default:
        return unreachable(kind)
    }
  }

  const tell = async (documentId: string): Promise<void> => {
    const kinds = new Set((await takeInterruptions(documentId, own)).map(({ kind }) => kind))
    for (const kind of kinds) toasts.actions.problem(PROBLEMS[kind], actionFor(kind))
  }
  const look = (documentId: string) => void tell(documentId).catch(() => undefined)
  look(document.getState().document.id)
  document.subscribe(({ document: { id } }, last) => {
    if (id !== last.document.id) look(id)
  })
}

const cut = (message: string, hint: string): Problem => ({ code: 'cancelled', message, hint })

const PROBLEMS: Record<Kind, Problem> = {
  fuse: cut('The last fuse was cut off before it had ended.', 'Your document is as you left it.'),
  queue: cut(
    'Pictures that waited in the queue were cut off before they had begun.',
    'Press Fuse again for those that you want.',
  ),
  sample: cut(
    'The last sampling was cut off before it had ended.',
    'The pictures that were finished are in the gallery.',
  ),
  pairs: cut(
    'Making pairs was cut off before it had ended.',
    'Those that were finished are kept; make the others again from the gallery.',
  ),
  try: cut('The last drafts were cut off before they had ended.', 'Those that were finished are there.'),
  import: cut(
    'Opening pictures was cut off before it had ended.',
    'Drop those that are missing in once more.',
  ),
  models: cut(
    'Importing a model was cut off before it had ended.',
    'What was written is kept; the import goes on from there.',
  ),
}
