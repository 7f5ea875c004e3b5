import type { Problem } from '@/base/errors'
import { sharedCacheOf } from '@/offline/build'

/** Absent in most browsers, and where the studio is not installed. */
interface LaunchWindow {
  launchQueue?: {
    setConsumer(consume: (params: { files?: readonly FileSystemFileHandle[] }) => void): void
  }
}

/**
 * Files that the system opens with the installed studio, and those that other programs share with it, go where dropped ones
 * do. What cannot be read is told, each by its name, and keeps no other from being opened.
 */
export function takeLaunched(
  base: string,
  open: (files: File[]) => void,
  tell: (problem: Problem) => void,
): void {
  const opened = (files: File[]): void => {
    if (files.length > 0) open(files)
  }
  const { launchQueue } = window as LaunchWindow
  launchQueue?.setConsumer(({ files = [] }) => {
    const read = files.map((file) =>
      file.getFile().catch((error: unknown) => {
        tell(unreadable(file.name, error))
        return null
      }),
    )
    void Promise.all(read).then((all) => opened(all.filter((file) => file !== null)))
  })
  const address = new URL(location.href)
  if (!address.searchParams.has('shared')) return
  address.searchParams.delete('shared')
  // A reload shall not look again.
  history.replaceState(history.state, '', address)
  takeShared(base).then(opened, (error: unknown) => tell(lost(error)))
}

const unreadable = (name: string, error: unknown): Problem => ({
  code: 'missing-asset',
  message: `“${name}” cannot be read.`,
  hint: 'It may have been moved, or the system keeps it from being read. Drop it in, or open it again.',
  detail: String(error),
})

const lost = (error: unknown): Problem => ({
  code: 'missing-asset',
  message: 'What another program shared with the studio cannot be read.',
  hint: 'Share it again, or drop it in.',
  detail: String(error),
})

/** What the service worker has put down for us, once. */
async function takeShared(base: string): Promise<File[]> {
  const cache = await caches.open(sharedCacheOf(base))
  const files = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const blob = await (await cache.match(request))?.blob()
      const name = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '')
      return blob ? [new File([blob], name, { type: blob.type })] : []
    }),
  )
  await caches.delete(sharedCacheOf(base))
  return files.flat()
}
