/**
 * Web Locks, and what takes their place on a page over plain http, which has none: a queue within this page or worker.
 * Two tabs are then not kept apart; the studio says so.
 */
import { createQueue, type Queue } from '@/base/queue'

const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks

/** How many hold or wait for each name here, and their turns. */
const held = new Map<string, { count: number; inTurn: Queue }>()

async function hold<T>(name: string, run: () => Promise<T>): Promise<T> {
  const lock = held.get(name) ?? { count: 0, inTurn: createQueue() }
  held.set(name, lock)
  lock.count++
  try {
    return await lock.inTurn(run)
  } finally {
    if (--lock.count === 0) held.delete(name)
  }
}

/** Whether anybody holds the lock `name`; never, where the browser does not say. */
export async function isHeld(name: string): Promise<boolean> {
  if (!locks) return held.has(name)
  return (await locks.query()).held?.some((lock) => lock.name === name) ?? false
}

/** Runs something as soon as nobody else holds the lock `name`. */
export async function withLock<T>(name: string, run: () => Promise<T>): Promise<T> {
  return locks ? locks.request(name, run) : hold(name, run)
}

/** Runs something at once; `free` says whether the lock `name` is ours meanwhile, or somebody else's. */
export async function withLockIfFree<T>(name: string, run: (free: boolean) => Promise<T>): Promise<T> {
  if (locks) return locks.request(name, { ifAvailable: true }, (lock) => run(lock !== null))
  return held.has(name) ? run(false) : hold(name, () => run(true))
}

/** Holds the lock `name` together with all who hold it this way, until the page closes. Ends once it does. */
export function share(name: string): Promise<void> {
  return new Promise((held, refused) => {
    if (!locks) return held()
    const request = locks.request(name, { mode: 'shared' }, () => {
      held()
      return new Promise<never>(() => undefined)
    })
    request.catch(refused)
  })
}

/** How many hold the lock `name`; 0 where the browser does not say. */
export async function countHolders(name: string): Promise<number> {
  return (await locks?.query())?.held?.filter((lock) => lock.name === name).length ?? 0
}
