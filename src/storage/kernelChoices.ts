/** Which plans of kernels were fastest on which GPU: a small file, worth nothing where it cannot be kept. */
import { openFolder, readFile, writeFile } from '@/storage/files'

const FOLDER = 'gpu'
const FILE = 'attention.json'

async function table(): Promise<Record<string, unknown>> {
  const file = await readFile(await openFolder(FOLDER), FILE)
  const kept: unknown = file && JSON.parse(await file.text())
  return typeof kept === 'object' && kept !== null ? { ...kept } : {}
}

/** A file that cannot be read is like none; one that cannot be written is not kept. */
export const kernelChoices = {
  read: async (key: string): Promise<unknown> =>
    (await table().catch(() => ({}) as Record<string, unknown>))[key],

  async write(key: string, choices: Record<string, string>): Promise<void> {
    const others = await table().catch(() => ({}))
    const bytes = new TextEncoder().encode(JSON.stringify({ ...others, [key]: choices }))
    await openFolder(FOLDER)
      .then((folder) => writeFile(folder, FILE, bytes))
      .catch(() => undefined)
  },
}
