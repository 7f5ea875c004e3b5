import { BackendChoice } from '@/schema/common'
import type { BuiltInFamily } from '@/schema/pack'
import * as v from 'valibot'

/** What the page's address may override. */
export interface Parameters {
  /** Forces a backend whatever the document says. */
  backend: BackendChoice | null
  /** Folders of the models that ship, absolute and of our own origin. */
  packUrls: Record<BuiltInFamily, string>
  runtimeUrl: string
  /** Offers `window.inlay` to tests. */
  debug: boolean
}

const DEFAULT_PAINTER = './models/painter/'
const DEFAULT_SCENE = './models/scene/'
const DEFAULT_GEOMETRY = './models/geometry/'
const DEFAULT_CUTOUT = './models/cutout/'

/** Reads `?backend=`, `?painter=`, `?scene=`, `?geometry=`, `?cutout=` and `?debug`; what makes no sense is passed over. */
export function readParameters(search: string, baseUrl: string): Parameters {
  const query = new URLSearchParams(search)
  const backend = v.safeParse(BackendChoice, query.get('backend'))
  const folder = (address: string) => new URL(address.endsWith('/') ? address : `${address}/`, baseUrl)
  const own = (asked: string | null, standard: string) => {
    const found = folder(asked ?? standard)
    return (found.origin === new URL(baseUrl).origin ? found : folder(standard)).href
  }
  return {
    backend: backend.success ? backend.output : null,
    packUrls: {
      painter: own(query.get('painter'), DEFAULT_PAINTER),
      scene: own(query.get('scene'), DEFAULT_SCENE),
      geometry: own(query.get('geometry'), DEFAULT_GEOMETRY),
      cutout: own(query.get('cutout'), DEFAULT_CUTOUT),
    },
    runtimeUrl: folder('./ort/').href,
    debug: query.has('debug'),
  }
}
