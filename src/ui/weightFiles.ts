const WEIGHTS = /\.(safetensors|sft|onnx|gguf|ckpt|pth?|bin|json|index|model|txt)$/i

/** Whether a file, by its name, belongs to model weights rather than to pictures. */
export const isWeightFile = ({ name }: { name: string }): boolean => WEIGHTS.test(name)

/** Whether a file, by its name, is an archive of preference pairs. */
export const isArchive = ({ name }: { name: string }): boolean => /\.zip$/i.test(name)

/** Whether a file, by its name, is a project. */
export const isProjectFile = ({ name }: { name: string }): boolean => /\.inlay$/i.test(name)

/** More than this many files in a dropped folder belong to something else. */
const MOST = 500

async function filesUnder(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST || entry.name.startsWith('.')) return
  if (entry.isFile) {
    found.push(
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    )
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // Browsers hand over a folder in portions; an empty one is the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (portion.length === 0) return
    for (const one of portion) await filesUnder(one, found)
  }
}

/** Everything that was dropped, folders opened. Must be called before the drop event ends; it reads on afterwards. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry())
  const plain = [...transfer.files]
  if (!entries.some((entry) => entry?.isDirectory)) return plain
  const found: File[] = []
  for (const entry of entries) if (entry) await filesUnder(entry, found)
  return found
}
