/** What could not be read is set aside, never dropped: the user can download it, or delete it. */
import { openDatabase, type AsideEntry, type InlayDatabase } from '@/storage/database'
import { guardStorage } from '@/storage/quota'

const STORES = { document: 'documents', result: 'results' } as const satisfies Record<
  AsideEntry['kind'],
  keyof InlayDatabase
>

/** Moves an entry out of its store in one transaction. Pictures that it names stay where they are. */
export async function setAside(
  kind: AsideEntry['kind'],
  of: string,
  value: unknown,
  problem: string,
): Promise<void> {
  const database = await openDatabase()
  const store = STORES[kind]
  const transaction = database.transaction([store, 'aside'], 'readwrite')
  const time = Date.now()
  await transaction.objectStore('aside').put({ id: `${of}@${time}`, kind, of, time, problem, value })
  await transaction.objectStore(store).delete(of)
  await transaction.done
}

/** Newest first. */
export const listAside = (): Promise<AsideEntry[]> =>
  guardStorage('What was set aside could not be read', async () =>
    (await (await openDatabase()).getAll('aside')).sort((a, b) => b.time - a.time),
  )

export const removeAside = (id: string): Promise<void> =>
  guardStorage('It could not be deleted', async () => (await openDatabase()).delete('aside', id))
