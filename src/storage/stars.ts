import { openDatabase } from '@/storage/database'
import { guardStorage } from '@/storage/quota'

/** Gives a document or a result a star, or takes it away. */
export async function setStar(id: string, starred: boolean): Promise<void> {
  await guardStorage('The star could not be changed', async () => {
    const database = await openDatabase()
    if (starred) await database.put('stars', { id })
    else await database.delete('stars', id)
  })
}
