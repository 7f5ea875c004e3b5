/** What the tests of storage share. */
import { deleteDB } from 'idb'

import { InlayError, type Problem } from '@/base/errors'

/** Takes away what tests have stored. */
export async function clearStorage(): Promise<void> {
  await deleteDB('inlay')
  const root = await navigator.storage.getDirectory()
  for (const name of ['test-assets', 'test-results', 'test-files'])
    await root.removeEntry(name, { recursive: true }).catch(() => undefined)
}

/** What some work fails with. */
export async function problemOf(run: () => Promise<unknown>): Promise<Problem> {
  try {
    await run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}
