import type { EngineClient } from '@/engine/client'
import type { Fusing } from '@/app/fusing'
import type { Fuses } from '@/app/fuses'
import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Parameters } from '@/app/parameters'
import type { Pixels } from '@/app/pixels/client'
import type { Results } from '@/app/results'
import type { Running } from '@/app/running'
import type { DocumentStore } from '@/document/store'
import type { PictureRole } from '@/ui/stores/dialogs'
import type { ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'

/** What the app's side of a mode works with. */
export interface AppServices {
  document: DocumentStore
  view: ViewStore
  run: RunStore
  models: ModelsStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  importing: Importing
  engine: EngineClient
  running: Running
  fusing: Fusing
  fuses: Fuses
  results: Results
  parameters: Parameters
  /** Lets choose backgrounds or foregrounds, unless a run forbids it. */
  openPictures(role: PictureRole): void
}
