/** The librarian worker: imports and keeps weights, beside the engine and never in its way. */
import { Librarian } from '@/worker/librarian'
import type { ImportRequest, ModelsApi } from '@/worker/protocol'
import { serve } from '@/worker/serve'

const librarian = new Librarian()

const api: ModelsApi = {
  list: () => librarian.list(),
  inspect: (files) => librarian.inspect(files),
  importModel: (request: ImportRequest, events: MessagePort) =>
    librarian.importModel(request, (event) => events.postMessage(event)),
  cancelImport: (id) => Promise.resolve(librarian.cancelImport(id)),
  verify: (id: string, events: MessagePort) => librarian.verify(id, (event) => events.postMessage(event)),
  rename: (id, name, role) => librarian.rename(id, name, role),
  remove: (id) => librarian.remove(id),
  files: (id) => librarian.files(id),
  texts: () => librarian.texts(),
  exportTexts: () => librarian.exportTexts(),
  importTexts: (file) => librarian.importTexts(file),
  clearUnfinished: () => librarian.clearUnfinished(),
}

serve(api)
