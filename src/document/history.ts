import {
  applyPatches,
  enablePatches,
  produce,
  produceWithPatches,
  type Draft,
  type Objectish,
  type Patch,
} from 'immer'

enablePatches()

/** One undoable step, as patches rather than snapshots. */
interface Entry {
  label: string
  patches: Patch[]
  inverse: Patch[]
  /** Steps with the same key that follow each other quickly become one (typing). */
  mergeKey: string | null
  /** Milliseconds, from the history's clock. */
  time: number
}

export interface HistoryOptions {
  /** Steps kept; the oldest are forgotten first. Default 500. */
  limit?: number
  /** Milliseconds within which steps of one merge key become one. Default 1500. */
  mergeWithin?: number
  /** Clock in milliseconds. */
  now?: () => number
}

/**
 * Undo and redo over an immutable value. A gesture (a drag, a slider) lies between `begin` and `commit` and is one
 * step, however many changes it makes. Knows nothing about what the value means.
 */
export class History<T extends Objectish> {
  private value: T
  private past: Entry[] = []
  private future: Entry[] = []
  private steps = 0
  private gesture: { label: string; patches: Patch[]; inverse: Patch[] } | null = null
  private readonly limit: number
  private readonly mergeWithin: number
  private readonly now: () => number

  constructor(initial: T, options: HistoryOptions = {}) {
    this.value = initial
    this.limit = options.limit ?? 500
    this.mergeWithin = options.mergeWithin ?? 1500
    this.now = options.now ?? (() => performance.now())
  }

  get current(): T {
    return this.value
  }
  get canUndo(): boolean {
    return this.past.length > 0 || (this.gesture?.patches.length ?? 0) > 0
  }
  get canRedo(): boolean {
    return this.future.length > 0
  }
  /** Grows with every new step, undo and redo; stays while a step goes on (a gesture, typing). */
  get revision(): number {
    return this.steps
  }
  /** Everything that is there or that undo and redo can bring back, as text. */
  get text(): string {
    return JSON.stringify([this.value, this.past, this.future, this.gesture])
  }
  get inGesture(): boolean {
    return this.gesture !== null
  }
  /** What undo would take back, null where there is nothing. */
  get undoLabel(): string | null {
    return (this.gesture?.patches.length ? this.gesture.label : this.past.at(-1)?.label) ?? null
  }
  get redoLabel(): string | null {
    return this.future.at(-1)?.label ?? null
  }

  /**
   * Changes the value by an immer recipe; one step, or a part of the open gesture. A recipe without effect is none.
   * Within `mergeWithin` ms it becomes one with a last step of the same key.
   */
  apply(
    label: string,
    recipe: (draft: Draft<T>) => void,
    mergeKey: string | null = null,
    mergeWithin = this.mergeWithin,
  ): void {
    const [next, patches, inverse] = produceWithPatches(this.value, (draft: Draft<T>) => {
      recipe(draft)
    })
    if (patches.length === 0) return
    this.value = next as T
    this.future = []
    if (this.gesture) {
      this.gesture.patches.push(...patches)
      this.gesture.inverse.unshift(...inverse)
      return
    }
    this.push({ label, patches, inverse, mergeKey, time: this.now() }, mergeWithin)
  }

  /** Changes the value without a step, for what can be worked out again from the rest. */
  amend(recipe: (draft: Draft<T>) => void): void {
    this.value = produce(this.value, (draft: Draft<T>) => {
      recipe(draft)
    })
  }

  /** Opens a gesture. One that is still open is committed first. */
  begin(label: string): void {
    this.commit()
    this.gesture = { label, patches: [], inverse: [] }
  }

  /** Closes the gesture: all its changes become one step. Does nothing where none is open. */
  commit(): void {
    const open = this.gesture
    this.gesture = null
    if (open && open.patches.length > 0) this.push({ ...squash(open), mergeKey: null, time: this.now() })
  }

  /** Closes the gesture and takes its changes back; they leave no trace. Does nothing where none is open. */
  cancel(): void {
    const open = this.gesture
    this.gesture = null
    if (open && open.inverse.length > 0) this.value = applyPatches(this.value, open.inverse)
  }

  /** Takes the last step back; inside a gesture, cancels that instead. False where there is nothing to undo. */
  undo(): boolean {
    if (this.gesture) {
      const changed = this.gesture.patches.length > 0
      this.cancel()
      if (changed) return true
    }
    const entry = this.past.pop()
    if (!entry) return false
    this.steps++
    this.value = applyPatches(this.value, entry.inverse)
    this.future.push(entry)
    return true
  }

  /** Does the last undone step again; an open gesture is cancelled first. False where there is nothing to redo. */
  redo(): boolean {
    this.cancel()
    const entry = this.future.pop()
    if (!entry) return false
    this.steps++
    this.value = applyPatches(this.value, entry.patches)
    this.past.push({ ...entry, mergeKey: null })
    return true
  }

  /** Starts over with another value and no steps. */
  reset(value: T): void {
    this.steps++
    this.value = value
    this.past = []
    this.future = []
    this.gesture = null
  }

  private push(entry: Entry, mergeWithin = this.mergeWithin): void {
    const last = this.past.at(-1)
    if (last && entry.mergeKey !== null && last.mergeKey === entry.mergeKey) {
      if (entry.time - last.time <= mergeWithin) {
        const patches = [...last.patches, ...entry.patches]
        const inverse = [...entry.inverse, ...last.inverse]
        this.past[this.past.length - 1] = { ...entry, ...squash({ label: last.label, patches, inverse }) }
        return
      }
    }
    this.steps++
    this.past.push(entry)
    if (this.past.length > this.limit) this.past.shift()
  }
}

/**
 * Drops what a long drag repeats: where every change replaces a value, only the last of each path counts forwards
 * and only the first backwards. Other changes (added or removed items move their neighbours) are kept as they are.
 */
function squash<E extends { label: string; patches: Patch[]; inverse: Patch[] }>(entry: E): E {
  const all = [...entry.patches, ...entry.inverse]
  if (!all.every(({ op }) => op === 'replace') || hasNestedPaths(all)) return entry
  return { ...entry, patches: lastPerPath(entry.patches), inverse: lastPerPath(entry.inverse) }
}

const keyOf = ({ path }: Patch): string => JSON.stringify(path)

function lastPerPath(patches: Patch[]): Patch[] {
  return [...new Map(patches.map((patch) => [keyOf(patch), patch])).values()]
}

/** True where one change replaces something inside what another replaces: then their order matters. */
function hasNestedPaths(patches: Patch[]): boolean {
  const keys = new Set(patches.map(keyOf))
  return patches.some(({ path }) => path.some((_, depth) => keys.has(JSON.stringify(path.slice(0, depth)))))
}
