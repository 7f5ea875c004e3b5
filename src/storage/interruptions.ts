/** What is going on is written down, so that after a crash or a reload the studio can say what was cut off. */
import { newId } from '@/base/id'
import { openDatabase, type Interruption } from '@/storage/database'

/** Says that something has begun; its id. */
export async function noteBeginning(documentId: string, kind: Interruption['kind']): Promise<string> {
  const id = newId()
  await (await openDatabase()).put('interruptions', { id, documentId, kind, time: Date.now() })
  return id
}

export async function noteEnd(id: string): Promise<void> {
  await (await openDatabase()).delete('interruptions', id)
}

/** What was cut off in a document that this tab alone has open; each is told once. `own` are this page's. */
export async function takeInterruptions(
  documentId: string,
  own: ReadonlySet<string>,
): Promise<Interruption[]> {
  const transaction = (await openDatabase()).transaction('interruptions', 'readwrite')
  const found = (await transaction.store.getAll()).filter(
    (one) => one.documentId === documentId && !own.has(one.id),
  )
  for (const { id } of found) await transaction.store.delete(id)
  await transaction.done
  return found
}
