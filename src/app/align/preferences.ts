import {
  isBetter,
  pairOf,
  refusalOf,
  smallPictures,
  winnerOf,
  type Winner,
} from '@/app/align/preferencesPair'
import { clearExports, saveStream } from '@/app/saveStream'
import { InlayError, problemOf, type ErrorCode } from '@/base/errors'
import { PAIR_PICTURES, type PairPicture, type StoredPair } from '@/schema/preferences'
import { createPairStore, type PairStore } from '@/storage/pairs'
import type { PairOffer, PairTransfer, PreferencesStore } from '@/ui/align/preferencesStore'
import type { RunStore } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type { AlignedRun, PreferencesService } from '@/ui/align/service'
import { openPreferences, writePreferences } from '@/weights/preferences/preferencesArchive'
import { say, sayTogether } from '@/words/say'

interface PreferencesOptions {
  preferences: PreferencesStore
  run: RunStore
  toasts: ToastStore
  store?: PairStore
}

const AUTOMATIC = 'inlay-keep-pairs'

/** Whether the last session kept pairs by itself. */
export function recallAutomatic(): boolean {
  try {
    return localStorage.getItem(AUTOMATIC) === 'yes'
  } catch {
    return false
  }
}

/** A pair of an archive that is broken; the others may still come back. */
const BROKEN: ReadonlySet<ErrorCode> = new Set(['bad-archive', 'bad-weights'])

const WRITTEN = {
  title: 'The archive',
  safe: 'the pairs are still kept here',
  id: 'inlay-preferences',
}

const plural = (count: number): string => (count === 1 ? '1 pair' : `${count} pairs`)

/** Keeps the preferences store in step with the pairs on the disk. */
export function createPreferences(
  options: PreferencesOptions,
): PreferencesService & { load(): Promise<void> } {
  const { preferences, run, toasts, store = createPairStore() } = options
  const { getState, setState } = preferences
  /** The newest run, with pictures of its own. */
  let newest: (AlignedRun & { pictures: ReturnType<typeof smallPictures> }) | null = null
  let transfer: AbortController | null = null

  const offer = (value: PairOffer) => setState({ offer: value })
  const setTransfer = (value: PairTransfer) => setState({ transfer: value })

  // Another result on show, or none any more: what could be kept was another one's.
  run.subscribe(({ staged }, last) => {
    if (staged === last.staged || !newest || staged?.recipe === newest.recipe) return
    if (staged === null && last.staged?.recipe !== newest.recipe) return
    newest = null
    offer({ kind: 'none' })
  })

  const add = (stored: StoredPair) =>
    setState(({ pairs }) => ({
      pairs: [stored, ...pairs.filter(({ pair }) => pair.id !== stored.pair.id)].sort(
        (a, b) => b.pair.time - a.pair.time,
      ),
    }))

  const keep = async (named?: Winner): Promise<void> => {
    const kept = newest
    const { kind } = getState().offer
    if (!kept || kind === 'keeping' || kind === 'kept') return
    const winner = named ?? winnerOf(kept.record)
    offer({ kind: 'keeping' })
    /** The run may have gone from view meanwhile; the pair is kept all the same. */
    const tell = (value: PairOffer) => newest === kept && offer(value)
    try {
      const stored = await store.add(await pairOf(kept, kept.pictures, winner))
      add(stored)
      tell({ kind: 'kept', id: stored.pair.id })
    } catch (error) {
      const problem = problemOf(error)
      toasts.actions.problem(problem)
      tell({ kind: 'failed', problem, winner })
    }
  }

  /** Runs an export or an import; one at a time. */
  const during = async (
    kind: 'exporting' | 'importing',
    total: number,
    work: (signal: AbortSignal, onDone: (done: number) => void) => Promise<void>,
  ): Promise<void> => {
    if (transfer) return
    const abort = (transfer = new AbortController())
    setTransfer({ kind, done: 0, total, stopping: false })
    try {
      await work(abort.signal, (done) => setTransfer({ kind, done, total, stopping: abort.signal.aborted }))
      setTransfer({ kind: 'none' })
    } catch (error) {
      if (abort.signal.aborted) {
        setTransfer({ kind: 'none' })
        toasts.actions.note(
          kind === 'exporting' ? say('Stopped. Nothing was written.') : say('Stopped. What is back stays.'),
        )
      } else setTransfer({ kind: 'failed', problem: problemOf(error) })
    } finally {
      transfer = null
    }
  }

  return {
    async load() {
      try {
        const { pairs, damaged } = await store.list()
        setState({ listing: { kind: 'ready' }, pairs })
        if (damaged > 0)
          toasts.actions.problem({
            code: 'storage-failed',
            message: `${plural(damaged)} in storage cannot be read.`,
            hint: 'A newer version of the studio may have written them; they stay where they are.',
          })
        await clearExports()
      } catch (error) {
        setState({ listing: { kind: 'failed', problem: problemOf(error) } })
      }
    },

    async onAligned(aligned, always = getState().automatic) {
      const { record } = aligned
      newest = { ...aligned, pictures: smallPictures(aligned) }
      const judged = record.adopted !== null
      const refused = refusalOf(record, winnerOf(record))
      // Without a judge the user may name the run that can be kept.
      if (refused && (judged || refusalOf(record, 'target')))
        return offer({ kind: 'refused', problem: refused })
      offer({ kind: 'ready', judged, better: isBetter(record) })
      if (always && !refused && isBetter(record)) await keep()
    },
    keep,

    setAutomatic(automatic) {
      setState({ automatic })
      try {
        localStorage.setItem(AUTOMATIC, automatic ? 'yes' : 'no')
      } catch {
        // Private windows may forbid it; the switch then holds for this session.
      }
    },

    picture: (id, which) => store.file(id, which).catch(() => null),

    choose: (id, chosen) =>
      setState((state) => ({
        chosen: new Set(chosen ? [...state.chosen, id] : [...state.chosen].filter((one) => one !== id)),
      })),

    async remove(id) {
      try {
        await store.remove(id)
        setState(({ pairs, chosen }) => ({
          pairs: pairs.filter(({ pair }) => pair.id !== id),
          chosen: new Set([...chosen].filter((one) => one !== id)),
        }))
        const now = getState().offer
        if (newest && now.kind === 'kept' && now.id === id)
          offer({ kind: 'ready', judged: newest.record.adopted !== null, better: isBetter(newest.record) })
      } catch (error) {
        toasts.actions.problem(problemOf(error))
      }
    },

    async exportPairs() {
      const { pairs, chosen } = getState()
      const listed = chosen.size > 0 ? pairs.filter(({ pair }) => chosen.has(pair.id)) : pairs
      if (listed.length === 0) return
      const total = listed.reduce((sum, { bytes }) => sum + bytes, 0)
      const name = `inlay-preferences-${new Date().toISOString().slice(0, 10)}.zip`
      await during('exporting', total, async (signal, onDone) => {
        async function* counted() {
          let done = 0
          const pieces = writePreferences(
            listed.map(({ pair, bytes }) => ({ pair, bytes, open: (file) => store.file(pair.id, file) })),
            signal,
          )
          for await (const piece of pieces) {
            signal.throwIfAborted()
            yield piece
            onDone(Math.min(total, (done += piece.length)))
          }
        }
        if (await saveStream(name, WRITTEN, counted))
          toasts.actions.note(
            say(listed.length === 1 ? '{n} pair exported.' : '{n} pairs exported.', { n: listed.length }),
          )
      })
    },

    async importArchive(file) {
      if (transfer) return
      const archive = await openPreferences(file).catch((error: unknown) =>
        setTransfer({ kind: 'failed', problem: problemOf(error) }),
      )
      if (!archive) return
      const { pairs } = archive
      await during('importing', pairs.length, async (signal, onDone) => {
        let [back, broken] = [0, 0]
        let first: InlayError | null = null
        for (const [i, pair] of pairs.entries()) {
          signal.throwIfAborted()
          try {
            if (!(await store.has(pair.id))) {
              const tensors = await archive.tensors(pair)
              const [winner, loser, reference] = await Promise.all(
                PAIR_PICTURES.map((which: PairPicture) => archive.picture(pair, which)),
              )
              add(await store.add({ pair, tensors, pictures: { winner, loser, reference } }))
              back++
            }
          } catch (error) {
            if (!(error instanceof InlayError) || !BROKEN.has(error.problem.code)) throw error
            first ??= error
            broken++
          }
          onDone(i + 1)
        }
        const known = pairs.length - back - broken
        const words = sayTogether([
          say(back === 1 ? '{n} pair brought back' : '{n} pairs brought back', { n: back }),
          known > 0 && say('{n} of them here already', { n: known }),
          broken > 0 && say('{n} broken', { n: broken }),
        ])
        toasts.actions.note(say('{words}.|told', { words }))
        if (first) throw first
      })
    },

    stopTransfer() {
      const now = getState().transfer
      if (!transfer || (now.kind !== 'exporting' && now.kind !== 'importing')) return
      transfer.abort()
      setTransfer({ ...now, stopping: true })
    },
  }
}
