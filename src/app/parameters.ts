import { BackendChoice } from '@/schema/common'
import { perBuiltIn, ships, type BuiltInFamily } from '@/schema/pack'
import * as v from 'valibot'

/** What the page's address may override. */
export interface Parameters {
  /** Forces a backend whatever the document says. */
  backend: BackendChoice | null
  /** Folders of the built-in models, absolute and of our own origin; null: its weights do not ship. */
  packUrls: Record<BuiltInFamily, string | null>
  runtimeUrl: string
  /** Offers `window.inlay` to tests. */
  debug: boolean
}

/** Reads `?backend=`, folders of built-in models as `?scene=` by their families, and `?debug`; what makes no sense is passed over. */
export function readParameters(search: string, baseUrl: string): Parameters {
  const query = new URLSearchParams(search)
  const backend = v.safeParse(BackendChoice, query.get('backend'))
  const folder = (address: string) => new URL(address.endsWith('/') ? address : `${address}/`, baseUrl)
  const urlOf = (family: BuiltInFamily): string | null => {
    const asked = folder(query.get(family) ?? '')
    if (query.has(family) && asked.origin === new URL(baseUrl).origin) return asked.href
    return ships(family) ? folder(`./models/${family}/`).href : null
  }
  return {
    backend: backend.success ? backend.output : null,
    packUrls: perBuiltIn(urlOf),
    runtimeUrl: folder('./ort/').href,
    debug: query.has('debug'),
  }
}
