import { fail, InlayError } from '@/base/errors'

export interface StorageUse {
  /** Bytes that this origin uses and may use; null where the browser does not say. */
  usedBytes: number | null
  quotaBytes: number | null
  /** The browser has promised not to clear our data by itself. */
  persistent: boolean
}

/** What the browser says about our storage. Never throws: where it says nothing, the fields are null. */
export async function estimateStorage(): Promise<StorageUse> {
  try {
    const { usage, quota } = await navigator.storage.estimate()
    const persistent = await navigator.storage.persisted()
    return { usedBytes: usage ?? null, quotaBytes: quota ?? null, persistent }
  } catch {
    return { usedBytes: null, quotaBytes: null, persistent: false }
  }
}

/** Whether the browser refused for lack of space. */
export function isQuotaError(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'QuotaExceededError' || error.name === 'NS_ERROR_FILE_NO_DEVICE_SPACE')
  )
}

/** Whether a file or folder is not there. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NotFoundError'

/**
 * Runs something that touches storage and says in our words what went wrong: `storage-full`, or `storage-failed` with
 * `what` in the message ("The picture could not be saved"). Our own errors pass through.
 */
export async function guardStorage<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof InlayError) throw error
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (isQuotaError(error))
      fail(
        'storage-full',
        `${what}: the browser's storage is full.`,
        'Delete old results in the history, or free space on this device.',
        detail,
      )
    if (error instanceof Error && error.name === 'VersionError')
      fail(
        'storage-failed',
        `${what}: a newer version of the studio has been opened in this browser.`,
        'Reload this tab to go on with that one; what was saved is still there.',
        detail,
      )
    fail(
      'storage-failed',
      `${what}.`,
      'A private window may forbid storage; your work stays open here, download it before you close the tab.',
      detail,
    )
  }
}
