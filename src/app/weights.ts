import type { EngineClient } from '@/engine/client'
import { createKeptTexts } from '@/app/keptTexts'
import { rememberCutter, rememberMemory, rememberUnfinished } from '@/app/modelMemory'
import type { ModelsClient } from '@/app/models'
import { persistStorage } from '@/app/persist'
import { saveFiles } from '@/app/saveCopy'
import { InlayError, problemOf, type Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { createQueue } from '@/base/queue'
import { estimateStorage } from '@/storage/quota'
import type {
  FoundGroup,
  ImportChoice,
  ImportSource,
  ImportTask,
  ModelsStore,
  ModelWork,
  Unfinished,
} from '@/ui/stores/models'
import type { ToastStore } from '@/ui/stores/toasts'
import { suggestedChoice } from '@/ui/dialogs/models/guide'
import type { ModelsService } from '@/ui/studio'
import type { ImportEvent, ImportRequest, Outcome } from '@/worker/protocol'
import { say, sayNumber } from '@/words/say'

interface WeightsOptions {
  models: ModelsStore
  client: ModelsClient
  engine: EngineClient
  toasts: ToastStore
}

/** Keeps the models store in step with what the librarian worker does. */
export function createWeights(options: WeightsOptions): ModelsService & { load(): Promise<void> } {
  const { models, client, engine, toasts } = options
  const { getState, setState } = models
  /** One import at a time: two would only share the disk and double the memory. */
  const inTurn = createQueue()

  const measureStorage = async () => setState({ storage: await estimateStorage() })

  const load = async (): Promise<void> => {
    const done = await client.list()
    setState(
      done.ok
        ? { listing: { kind: 'ready' }, installed: done.value }
        : { listing: { kind: 'failed', problem: done.problem } },
    )
    await measureStorage()
  }

  const task = (id: string) => getState().tasks.find((one) => one.id === id)
  const setTask = (id: string, state: ImportTask['state']) =>
    setState(({ tasks }) => ({ tasks: tasks.map((one) => (one.id === id ? { ...one, state } : one)) }))
  const setWork = (id: string, work: ModelWork | null) =>
    setState(({ work: { [id]: _, ...rest } }) => ({ work: work ? { ...rest, [id]: work } : rest }))

  const setUnfinished = (change: (list: Unfinished[]) => Unfinished[]) => {
    const unfinished = change(getState().unfinished)
    setState({ unfinished })
    rememberUnfinished(unfinished)
  }
  const forget = (id: string) => setUnfinished((list) => list.filter((one) => one.id !== id))

  /** Written down while it runs, so that the next session knows of an import that a closed tab has cut off. */
  const note = ({ id, source, choice }: ImportTask, doneBytes: number, totalBytes: number) =>
    setUnfinished((list) => [
      ...list.filter((one) => one.id !== id),
      {
        id,
        url: source.kind === 'address' ? source.url : null,
        sha256: source.kind === 'address' ? source.sha256 : null,
        files: source.kind === 'files' ? source.files.map(({ name }) => name) : [],
        choice,
        doneBytes,
        totalBytes,
      },
    ])

  const run = ({ id, source, choice }: ImportTask): Promise<void> =>
    new Promise((resolve) => {
      const request: ImportRequest = {
        id,
        source:
          source.kind === 'files'
            ? { kind: 'files', files: source.files }
            : { kind: 'address', url: source.url, sha256: source.sha256 },
        ...choice,
      }
      let noted = 0
      const handle = (event: ImportEvent) => {
        const now = task(id)
        if (event.kind === 'progress') {
          if (now?.state.kind !== 'running') return
          const { stage, doneBytes, totalBytes, secondsLeft } = event
          setTask(id, { ...now.state, stage, doneBytes, totalBytes, secondsLeft })
          if (Date.now() - noted > 2000) {
            noted = Date.now()
            note(now, doneBytes, totalBytes)
          }
          return
        }
        resolve()
        finish(id, event)
      }
      client.importModel(request, handle)
    })

  const setCutter = (id: string | null): void => {
    setState({ cutter: id })
    rememberCutter(id)
  }

  const finish = (id: string, event: Exclude<ImportEvent, { kind: 'progress' }>): void => {
    void measureStorage()
    const now = task(id)
    if (event.kind === 'done') {
      forget(id)
      const models = [event.model, ...(event.others ?? [])]
      setState(({ tasks, installed }) => ({
        tasks: tasks.filter((one) => one.id !== id),
        installed: [...models, ...installed.filter((one) => !models.some((model) => model.id === one.id))],
      }))
      for (const { id, name, family } of models) {
        if (family === 'matting') setCutter(id)
        toasts.actions.note(
          family === 'matting'
            ? say('{name} cuts out from now on.', { name })
            : say('{name} is installed.', { name }),
        )
      }
      return
    }
    const { doneBytes, totalBytes } =
      now?.state.kind === 'running' ? now.state : { doneBytes: 0, totalBytes: 0 }
    if (now && doneBytes > 0) note(now, doneBytes, totalBytes)
    if (event.kind === 'cancelled' || event.problem.code === 'cancelled')
      setTask(id, { kind: 'stopped', doneBytes, totalBytes })
    else setTask(id, { kind: 'failed', problem: event.problem })
  }

  const begin = (id: string): void => {
    setTask(id, {
      kind: 'running',
      stage: null,
      doneBytes: 0,
      totalBytes: 0,
      secondsLeft: null,
      stopping: false,
    })
    void inTurn(async () => {
      const now = task(id)
      if (now?.state.kind === 'running') await run(now)
    })
  }

  const startImport = (source: ImportSource, choice: ImportChoice): void => {
    const id = newId()
    // The same files again are the same import: the worker goes on where it stopped.
    if (source.kind === 'files') {
      const names = source.files.map(({ name }) => name)
      setUnfinished((list) => list.filter(({ files }) => !files.some((name) => names.includes(name))))
    }
    void persistStorage().then(measureStorage)
    setState(({ tasks }) => ({
      tasks: [...tasks, { id, source, choice, state: { kind: 'stopped', doneBytes: 0, totalBytes: 0 } }],
    }))
    begin(id)
  }

  /** Runs something that ends in an outcome; what goes wrong is told beside the pack. */
  const guarded = async <T>(id: string, work: () => Promise<Outcome<T>>): Promise<T | null> => {
    const done = await work().catch((error: unknown) => ({ ok: false as const, problem: problemOf(error) }))
    setWork(id, done.ok ? null : { kind: 'failed', problem: done.problem })
    return done.ok ? done.value : null
  }

  const look = async (files: File[]): Promise<FoundGroup[]> => {
    setState({ inspecting: true })
    const done = await client.inspect(files)
    setState({ inspecting: false })
    return done.ok
      ? done.value.map(({ files: together, found }) => ({
          id: newId(),
          files: together,
          found: found.ok ? { ...found, choice: suggestedChoice(found.value) } : found,
        }))
      : [{ id: newId(), files, found: { ok: false, problem: done.problem } }]
  }
  const keep = (groups: FoundGroup[]) => setState(({ found }) => ({ found: [...groups, ...found] }))

  return {
    ...createKeptTexts(options),
    load,
    startImport,

    async inspect(files) {
      if (files.length > 0) keep(await look(files))
    },
    setCutter,
    async takeCutters(files) {
      for (const group of await look(files)) {
        if (!group.found.ok) toasts.actions.problem(group.found.problem)
        else if (group.found.value.family === 'matting')
          startImport(
            { kind: 'files', files: group.files, inspection: group.found.value },
            group.found.choice,
          )
        else {
          keep([group])
          toasts.actions.note(
            say('{name} does not cut out. It waits under Models.', { name: group.found.choice.name }),
          )
        }
      }
    },
    choose: (groupId, choice) =>
      setState(({ found }) => ({
        found: found.map((group) =>
          group.id === groupId && group.found.ok ? { ...group, found: { ...group.found, choice } } : group,
        ),
      })),
    importFound(groupId) {
      const group = getState().found.find(({ id }) => id === groupId)
      if (!group?.found.ok) return
      const { value: inspection, choice } = group.found
      const name = choice.name.trim() || suggestedChoice(inspection).name
      startImport({ kind: 'files', files: group.files, inspection }, { ...choice, name })
      setState(({ found }) => ({ found: found.filter(({ id }) => id !== groupId) }))
    },
    dismiss: (groupId) => setState(({ found }) => ({ found: found.filter(({ id }) => id !== groupId) })),

    stopImport(id) {
      const now = task(id)
      if (now?.state.kind !== 'running') return
      // One that waits for its turn has not begun.
      if (now.state.stage === null && now.state.totalBytes === 0)
        setTask(id, { kind: 'stopped', doneBytes: 0, totalBytes: 0 })
      else setTask(id, { ...now.state, stopping: true })
      client.cancelImport(id)
    },
    resumeImport: (id) => begin(id),
    dropImport: (id) => setState(({ tasks }) => ({ tasks: tasks.filter((one) => one.id !== id) })),

    resumeUnfinished(id) {
      const one = getState().unfinished.find((entry) => entry.id === id)
      if (!one?.url) return
      forget(id)
      startImport({ kind: 'address', url: one.url, sha256: one.sha256 }, one.choice)
    },
    forgetUnfinished: forget,
    async clearUnfinished() {
      const done = await client.clearUnfinished()
      if (!done.ok) return toasts.actions.problem(done.problem)
      setUnfinished(() => [])
      setState(({ tasks }) => ({ tasks: tasks.filter(({ state }) => state.kind === 'running') }))
      toasts.actions.note(
        say('{size} GB are free again.', {
          size: sayNumber(done.value / 1e9, done.value < 1e9 ? 2 : 1),
        }),
      )
      await measureStorage()
    },

    async verify(id) {
      setWork(id, { kind: 'verifying', doneBytes: 0, totalBytes: 0 })
      const done = await client.verify(id, (event) => {
        if (event.kind === 'progress')
          setWork(id, { kind: 'verifying', doneBytes: event.doneBytes, totalBytes: event.totalBytes })
      })
      setWork(id, done.ok ? { kind: 'verified' } : { kind: 'failed', problem: done.problem })
    },
    async rename(id, name, role) {
      const model = await guarded(id, () => client.rename(id, name, role))
      if (model)
        setState(({ installed }) => ({ installed: installed.map((one) => (one.id === id ? model : one)) }))
    },
    async remove(id) {
      const name = getState().installed.find((one) => one.id === id)?.name
      const done = await client.remove(id)
      if (!done.ok) return setWork(id, { kind: 'failed', problem: done.problem })
      setWork(id, null)
      setState(({ installed }) => ({ installed: installed.filter((one) => one.id !== id) }))
      if (getState().cutter === id) setCutter(null)
      toasts.actions.note(
        name === undefined ? say('The pack is removed.') : say('{name} is removed.', { name }),
      )
      await measureStorage()
    },
    async saveCopy(id) {
      const name = getState().installed.find((one) => one.id === id)?.name ?? 'model'
      const folder = name.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model'
      let saved = false
      await guarded(id, async () => {
        const files = async () => {
          const done = await client.files(id)
          if (!done.ok) throw new InlayError(done.problem)
          return done.value
        }
        saved = await saveFiles(folder, files, (doneBytes, totalBytes) =>
          setWork(id, { kind: 'copying', doneBytes, totalBytes }),
        )
        return { ok: true, value: null }
      })
      if (saved)
        toasts.actions.note(
          say('A copy of {name} is saved. Drop its folder here to install it again.', { name }),
        )
    },

    async probe() {
      setState({ probing: { kind: 'running' } })
      const done = await engine.probe()
      const failed = (problem: Problem) => setState({ probing: { kind: 'failed', problem } })
      if (done.ok) setState({ probing: { kind: 'done', probe: done.value } })
      else failed(done.problem)
    },
    async persist() {
      const kept = await persistStorage()
      await measureStorage()
      if (!kept)
        toasts.actions.note(
          say('The browser gave no promise. It asks less of sites that are installed or bookmarked.'),
        )
    },
    setMemory(gigabytes) {
      setState({ memoryGB: gigabytes })
      rememberMemory(gigabytes)
    },
  }
}
