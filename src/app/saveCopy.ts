import { saveFile } from '@/app/saveFile'
import { fail, isAbort } from '@/base/errors'

interface SavedFile {
  name: string
  file: File
}

/** Chromium's picker of folders; other browsers have none. */
interface FolderPicker {
  showDirectoryPicker(options: { mode: 'readwrite'; id: string }): Promise<FileSystemDirectoryHandle>
}

const hasPicker = (page: object): page is FolderPicker => 'showDirectoryPicker' in page

/**
 * Copies files into a new folder below one that the user picks, or downloads them where the browser cannot pick
 * folders. False when the user closes the picker. Call it on a user's action.
 * @throws storage-failed when the folder cannot be written
 */
export async function saveFiles(
  folder: string,
  load: () => Promise<SavedFile[]>,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<boolean> {
  if (!hasPicker(window)) {
    for (const { name, file } of await load()) {
      saveFile(file, `${folder}-${name}`)
      // Some browsers drop all but the last of several downloads at once.
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    return true
  }
  let parent: FileSystemDirectoryHandle
  try {
    parent = await window.showDirectoryPicker({ mode: 'readwrite', id: 'inlay-models' })
  } catch (error) {
    if (isAbort(error)) return false
    throw error
  }
  const files = await load()
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  let done = 0
  try {
    const target = await parent.getDirectoryHandle(folder, { create: true })
    for (const { name, file } of files) {
      const handle = await target.getFileHandle(name, { create: true })
      const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          done += chunk.byteLength
          onProgress(done, total)
          controller.enqueue(chunk)
        },
      })
      await file
        .stream()
        .pipeThrough(count)
        .pipeTo(await handle.createWritable())
    }
  } catch (error) {
    fail(
      'storage-failed',
      'The copy could not be written.',
      'Choose another folder, or free space on that disk; what is installed here is untouched.',
      String(error),
    )
  }
  return true
}
