import { BackendChoice, Steps } from '@/schema/common'
import * as v from 'valibot'

/** What the page's address may override. */
export interface Parameters {
  /** Forces a backend whatever the document says. */
  backend: BackendChoice | null
  /** Folder of the model, absolute and of our own origin. */
  modelUrl: string
  /** The same of Align's model. */
  painterUrl: string
  runtimeUrl: string
  steps: number | null
  /** Offers `window.inlay` to tests. */
  debug: boolean
}

const DEFAULT_MODEL = './models/mini/'
const DEFAULT_PAINTER = './models/painter/'

/** Reads `?backend=`, `?model=`, `?painter=`, `?steps=` and `?debug`; what makes no sense is passed over. */
export function readParameters(search: string, baseUrl: string): Parameters {
  const query = new URLSearchParams(search)
  const backend = v.safeParse(BackendChoice, query.get('backend'))
  const steps = v.safeParse(Steps, Number(query.get('steps') ?? NaN))
  const folder = (address: string) => new URL(address.endsWith('/') ? address : `${address}/`, baseUrl)
  const own = (asked: string | null, standard: string) => {
    const found = folder(asked ?? standard)
    return (found.origin === new URL(baseUrl).origin ? found : folder(standard)).href
  }
  return {
    backend: backend.success ? backend.output : null,
    modelUrl: own(query.get('model'), DEFAULT_MODEL),
    painterUrl: own(query.get('painter'), DEFAULT_PAINTER),
    runtimeUrl: folder('./ort/').href,
    steps: steps.success ? steps.output : null,
    debug: query.has('debug'),
  }
}
