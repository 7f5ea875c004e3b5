import { emptyDocument } from '@/schema/document'
import { loadLatest, saveDocument } from '@/storage/documents'
import { openFolder, readFile, writeFile } from '@/storage/files'

// Shows that storage needs no page, with writable streams and, as in browsers without those, synchronous handles.
async function run(): Promise<unknown> {
  await saveDocument(emptyDocument('worker'))
  const folder = await openFolder('test-files')
  const bytesOf = async (name: string): Promise<number[]> => [
    ...new Uint8Array((await (await readFile(folder, name))?.arrayBuffer()) ?? []),
  ]
  await writeFile(folder, 'streamed', Uint8Array.of(5, 6))
  Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createWritable')
  await writeFile(folder, 'synchronous', Uint8Array.of(7, 8, 9))
  return [(await loadLatest())?.id, await bytesOf('streamed'), await bytesOf('synchronous')]
}
run().then(
  (answer) => self.postMessage(answer),
  (error: unknown) => self.postMessage(String(error)),
)
