import { sharedCacheOf } from '@/offline/build'

/** Absent in most browsers, and where the studio is not installed. */
interface LaunchWindow {
  launchQueue?: {
    setConsumer(consume: (params: { files?: readonly FileSystemFileHandle[] }) => void): void
  }
}

/** Files that the system opens with the installed studio, and those that other programs share with it, go where dropped ones do. */
export function takeLaunched(base: string, open: (files: File[]) => void): void {
  const { launchQueue } = window as LaunchWindow
  launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length > 0) void Promise.all(files.map((file) => file.getFile())).then(open)
  })
  const address = new URL(location.href)
  if (!address.searchParams.has('shared')) return
  address.searchParams.delete('shared')
  // A reload shall not look again.
  history.replaceState(history.state, '', address)
  void takeShared(base).then((files) => {
    if (files.length > 0) open(files)
  })
}

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
