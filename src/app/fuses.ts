import type { FinishedRun } from '@/app/finishedRun'
import { builtInOf, type Fusing } from '@/app/fusing'
import type { AppMode } from '@/app/mode'
import { createJobQueue, type JobEnd, type Queue } from '@/app/queue'
import type { Results } from '@/app/results'
import type { Running } from '@/app/running'
import type { Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { randomSeed } from '@/base/seed'
import { setSetting } from '@/document/commands'
import { modeOf } from '@/document/modes'
import { readiness, recipeAssets, recipeOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { FusionDocument } from '@/schema/document'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'
import type { ModelsStore } from '@/ui/stores/models'
import type { QueuedJob, QueueStore } from '@/ui/stores/queue'
import { isHeld, type RunStore } from '@/ui/stores/run'
import type { ToastAction, ToastStore } from '@/ui/stores/toasts'
import { markWords } from '@/ui/markWords'
import { say, sayText, sayTogether } from '@/words/say'

interface FusesOptions {
  document: DocumentStore
  run: RunStore
  models: ModelsStore
  toasts: ToastStore
  queue: QueueStore
  running: Running
  fusing: Pick<Fusing, 'ready' | 'runRecipe'>
  results: Pick<Results, 'onResult' | 'stage'>
  appModeOf(one: { mode: Mode }): AppMode
  /** A picture of the open document is asked for. */
  onAsked(doc: FusionDocument): void
  /** Several that belong together are made: what the user can do with them. */
  onSeveral(resultIds: readonly string[]): ToastAction
}

/** One of several pictures that are made of the same document. */
export interface Variant {
  /** The document as it would be for this picture; it is never opened. */
  doc: FusionDocument
  /** What tells it from the others. */
  title: string
  /** Address of a small picture, given back when the job has ended. */
  thumbnail: string | null
}

export interface Fuses {
  /** Runs, waits, and how that is changed. */
  queue: Queue
  /** Makes the open document's picture, after all that waits; or `first`, whatever pauses. Ends when that has ended. */
  fuse(how?: { first: boolean }): Promise<void>
  /** Makes a picture of each variant. They are kept, not shown; the document stays as it is. */
  fuseAll(variants: readonly Variant[]): Promise<void>
}

/** A document as it was when Fuse was pressed, with the models of that moment. */
interface Frozen {
  doc: FusionDocument
  recipe: Recipe
  recipeOf(doc: FusionDocument): Recipe
}

interface JobOptions {
  first: boolean
  /** Whether its result is shown once it is there. */
  stages: boolean
  title?: string
  thumbnail?: string | null
  onKept?(resultId: string | null): void
}

/** What those that wait would fail of, too. */
const HOPELESS: readonly Problem['code'][] = ['out-of-memory', 'device-lost']

/** Everything that Fuse makes: frozen when it is pressed, made one after the other. */
export function createFuses(options: FusesOptions): Fuses {
  const { document, run, models, toasts, running, fusing, results, appModeOf } = options
  /** What each job that runs or waits makes, by its id. */
  const made = new Map<string, string>()
  /** What runs, and what it was made of by then. */
  let current: { doc: FusionDocument; recipe: Recipe; stages: boolean } | null = null

  const queue = createJobQueue({
    store: options.queue,
    isFree: () => run.getState().run.kind === 'idle' && run.getState().engine.kind === 'ready',
    onProblem: (problem) => running.failed(problem, () => undefined),
    onHopeless: (waiting) =>
      toasts.actions.note(
        say(
          waiting === 1
            ? 'The queue pauses: what waits may fail, too.'
            : 'The queue pauses: the {n} that wait may fail, too.',
          { n: waiting },
        ),
        { label: say('Go on'), run: () => queue.goOn() },
      ),
  })

  /** Why a document's picture cannot be made now. */
  const reasonsOf = (doc: FusionDocument): string[] => {
    const { engine } = run.getState()
    if (engine.kind !== 'ready') return ['The engine is not ready.']
    return readiness(doc, models.getState().installed, engine.info.lacking).reasons
  }

  /** Null where something is missing. */
  const freeze = (doc: FusionDocument): Frozen | null => {
    const { engine } = run.getState()
    const { installed } = models.getState()
    if (engine.kind !== 'ready' || reasonsOf(doc).length > 0) return null
    const recipeAt = (one: FusionDocument) => recipeOf(one, builtInOf(one, engine.info), installed)
    return { doc, recipe: recipeAt(doc), recipeOf: recipeAt }
  }

  /** Whether the open document is still what a result was made of, and nothing else is looked at. */
  const isAwaited = (): boolean => {
    if (!current?.stages || run.getState().staged) return false
    const { document: now, inGesture } = document.getState()
    const { doc, recipe } = current
    const mode = appModeOf(recipe)
    if (now.id !== doc.id || now.mode !== recipe.mode || inGesture) return false
    return (mode.shows?.(recipe, now) ?? true) && !mode.leaves?.(recipe, now, doc)
  }
  const isLast = (): boolean => {
    const { waiting, paused } = queue.store.getState()
    return paused || waiting.length === 0
  }

  /** The steps of what runs are shown only over what it is made of. */
  const look = (): void => {
    const { run: now } = run.getState()
    if (now.kind !== 'running' || now.task !== 'fuse' || !current) return
    const here = isAwaited()
    if (here !== now.here)
      run.setState({ run: { ...now, here }, ...(here ? {} : { previews: [], step: null }) })
  }
  document.subscribe(look)
  run.subscribe((state, last) => {
    if (state.staged !== last.staged) look()
    if (state.run.kind !== last.run.kind || state.engine !== last.engine) queue.next()
  })

  const shownOf = ({ doc, recipe }: Frozen, { title, thumbnail = null }: JobOptions): QueuedJob => ({
    id: newId(),
    documentId: doc.id,
    mode: recipe.mode,
    title: title ?? titleOf(recipe),
    model: recipe.model.name,
    cover: recipeAssets(recipe).at(0) ?? null,
    thumbnail,
    pictures: recipeAssets(recipe).map(({ hash }) => hash),
    kind: JSON.stringify([recipe.mode, recipe.model.name, modeOf(recipe).sizesOf(recipe)]),
  })

  const enqueue = async (frozen: Frozen, how: JobOptions): Promise<void> => {
    const shown = shownOf(frozen, how)
    made.set(shown.id, keyOf(frozen))
    await queue.add({ shown, first: how.first, run: () => make(frozen, how) })
    made.delete(shown.id)
  }

  const make = async (frozen: Frozen, how: JobOptions): Promise<JobEnd> => {
    current = { ...frozen, stages: how.stages }
    const jobId = running.begin('fuse')
    try {
      look()
      const end = await finish(frozen, how, jobId)
      if (end !== 'failed') return end
      const { problem } = run.getState()
      return problem && HOPELESS.includes(problem.code) ? 'hopeless' : 'failed'
    } finally {
      current = null
      if (running.isShown(jobId)) running.idle()
    }
  }

  const finish = async (frozen: Frozen, how: JobOptions, jobId: string): Promise<JobEnd> => {
    const mode = appModeOf(frozen.recipe)
    const words = {
      verb: 'Fusing',
      stopped: mode.stopped?.() ?? say('Stopped. Nothing was changed.'),
      documentId: frozen.doc.id,
      // Somebody waits for it: whatever else pauses.
      retry: () => void enqueue(frozen, { ...how, first: true }),
    }
    const prepared = mode.prepare?.(frozen.doc) ?? Promise.resolve(frozen.doc)
    await Promise.race([prepared, stopOf(run)])
    // What stays of it is written before the run has ended.
    if (running.isStopping() && mode.stopped !== undefined) await prepared
    if (!running.isShown(jobId)) return 'failed'
    if (running.isStopping()) {
      running.idle()
      toasts.actions.note(words.stopped)
      return 'stopped'
    }
    const doc = await prepared
    if (!doc) return 'failed'
    const { engine } = run.getState()
    const { installed } = models.getState()
    // What it needs may have been taken away meanwhile.
    const { reasons } = readiness(doc, installed, engine.kind === 'ready' ? engine.info.lacking : [])
    if (reasons.length > 0) {
      running.failed(gone(reasons[0]), words.retry)
      return 'failed'
    }
    const recipe = doc === frozen.doc ? frozen.recipe : frozen.recipeOf(doc)
    current = { doc, recipe, stages: how.stages }
    look()
    const done = await fusing.runRecipe(jobId, recipe, words)
    if (!done) return run.getState().problem ? 'failed' : 'stopped'
    const foregroundIds = doc.id === document.getState().document.id ? appModeOf(doc).targetsOf(doc) : []
    await keep({ ...done, foregroundIds }, how)
    return 'done'
  }

  const keep = async (done: FinishedRun, { stages, onKept }: JobOptions): Promise<void> => {
    await appModeOf(done.recipe).onFinished?.(done)
    let shown = false
    const id = await results.onResult(done, () => (shown = isAwaited() && isLast()))
    onKept?.(id)
    if (shown || !stages || id === null || !isLast()) return
    const elsewhere = done.documentId !== document.getState().document.id
    toasts.actions.note(
      elsewhere
        ? say('A picture of another document is done. It is among the results.')
        : say('The picture is done. It is among the results: what is open is not as it was.'),
      ...(elsewhere ? [] : [{ label: say('Show it'), run: () => void results.stage(id) }]),
    )
  }

  return {
    queue,
    async fuse({ first } = { first: false }) {
      // It may be pressed again while the engine is being started anew.
      await fusing.ready()
      const asked = document.getState().document
      await appModeOf(asked).settle?.()
      if (!freeze(document.getState().document)) return
      // A search works on the document as it is.
      const rolls = asked.settings.randomSeed && modeOf(asked).seeded(asked) && !isHeld(run.getState())
      if (rolls) setSetting(document, 'seed', randomSeed())
      const frozen = freeze(document.getState().document)
      if (!frozen) return
      if ([...made.values()].includes(keyOf(frozen)))
        return toasts.actions.note(
          say('This very picture is being made, or waits in the queue: change something first.'),
        )
      options.onAsked(frozen.doc)
      run.setState({ staged: null })
      const { paused } = queue.store.getState()
      if (paused && !first)
        toasts.actions.note(say('It waits: the queue pauses.'), {
          label: say('Go on'),
          run: () => queue.goOn(),
        })
      await enqueue(frozen, { first, stages: true })
    },

    async fuseAll(variants) {
      await fusing.ready()
      const ids: string[] = []
      const reasons = new Set<string>()
      const onKept = (id: string | null) => void (id !== null && ids.push(id))
      await Promise.all(
        variants.map(async ({ doc, title, thumbnail }) => {
          const frozen = freeze(doc)
          if (!frozen) for (const reason of reasonsOf(doc)) reasons.add(reason)
          else await enqueue(frozen, { first: false, stages: false, title, thumbnail, onKept })
          if (thumbnail !== null) URL.revokeObjectURL(thumbnail)
        }),
      )
      const done = say('{n} of {total} pictures are done.', { n: ids.length, total: variants.length })
      const told = [done, ...[...reasons].map(sayText)].join(' ')
      if (ids.length > 0) toasts.actions.offer(told, options.onSeveral(ids))
      else if (reasons.size > 0) toasts.actions.note(told)
    },
  }
}

/** What a picture is called that has no other name: its background or mode, and its seed. */
const titleOf = (recipe: Recipe): string => {
  const mode = modeOf(recipe)
  const stem = mode.stemOf(recipe)
  // On the canvas it is the background's name, which is the user's own.
  return sayTogether([mode.onCanvas ? stem : sayText(stem), markWords(recipe)])
}

/** What a picture is called is nothing to what is made of it. */
const keyOf = ({ doc, recipe }: Frozen): string =>
  JSON.stringify([doc.id, recipe], (key, value: unknown) => (key === 'name' ? undefined : value))

const gone = (reason: string): Problem => ({
  code: 'bad-recipe',
  message: 'What this picture needs is not there any more.',
  hint: reason,
})

/** Ends when what runs is told to stop. */
const stopOf = (run: RunStore): Promise<void> =>
  new Promise((resolve) => {
    const stop = run.subscribe(({ run: now }) => {
      if (now.kind === 'running' && !now.stopping) return
      stop()
      resolve()
    })
  })
