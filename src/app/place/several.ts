import type { Variant } from '@/app/fuses'
import { pickFiles } from '@/app/pickFiles'
import { freePixels, type PreparedPicture } from '@/app/pixels/protocol'
import type { AppServices } from '@/app/services'
import type { Rect } from '@/base/geometry'
import { replaceable, withBackground, withForeground } from '@/document/place/several'
import type { AssetRef } from '@/schema/common'
import type { PlaceService } from '@/ui/place/service'
import type { PictureRole } from '@/ui/stores/dialogs'

type Options = Pick<AppServices, 'document' | 'toasts' | 'pixels' | 'library' | 'importing' | 'fuses'>

/** A picture that is stored, and what of it is visible. */
interface Taken {
  asset: AssetRef
  content: Rect
}

/** One result with each of several backgrounds or foregrounds, placed as the document has it. */
export function createSeveral(options: Options): Pick<PlaceService, 'trySeveral'> {
  const { document, toasts, pixels, library, importing, fuses } = options

  /** Gives the pixels back: what is stored is read again when its turn comes. */
  const giveBack = (hash: string): void => {
    void pixels.forget(hash)
    if (!document.liveAssets().includes(hash)) library.forget(hash)
  }

  /** An opaque picture is cut out first, if the user wants that; null: it is left out. */
  const cutOut = async (picture: PreparedPicture, content: Rect): Promise<Taken | null> => {
    const { asset } = picture
    library.add(picture)
    const answer = await importing.askCutout(asset.hash, asset.name)
    if (answer.kind === 'keep') return { asset, content }
    giveBack(asset.hash)
    if (answer.kind === 'cancel') return null
    const cut = library.drawables(answer.hash)?.content ?? content
    return { asset: { ...asset, hash: answer.hash }, content: cut }
  }

  const take = async (picture: PreparedPicture, role: PictureRole): Promise<Taken | null> => {
    const { asset, content, opaque } = picture
    if (role === 'foreground' && content && opaque) return cutOut(picture, content)
    freePixels(picture)
    if (role === 'background') return { asset, content: { x: 0, y: 0, ...asset } }
    if (content) return { asset, content }
    void pixels.forget(asset.hash)
    toasts.actions.problem({
      code: 'empty-foreground',
      message: 'This picture is fully transparent.',
      hint: 'Choose pictures with something visible in them.',
      detail: asset.name,
    })
    return null
  }

  const variantOf = async (file: File, role: PictureRole): Promise<Variant | null> => {
    const done = await pixels.importFile(file, file.name)
    if (!done.ok) {
      toasts.actions.problem(done.problem)
      return null
    }
    const { picture } = done.value
    const taken = await take(picture, role)
    if (!taken) return null
    const { asset, content } = taken
    const stored = await pixels.persist(asset.hash)
    giveBack(asset.hash)
    if (!stored.ok) {
      toasts.actions.problem(stored.problem)
      return null
    }
    const { document: doc, selection } = document.getState()
    const layer = replaceable(doc, selection)
    if (!layer) return null
    const before = library.drawables(layer.asset.hash)?.content ?? null
    return {
      doc:
        role === 'background'
          ? withBackground(doc, asset)
          : withForeground(doc, layer, asset, content, before),
      title: asset.name,
      thumbnail: URL.createObjectURL(picture.thumbnail),
    }
  }

  const trySeveral = async (role: PictureRole): Promise<void> => {
    const files = await pickFiles(true)
    const variants: Variant[] = []
    await importing.busy(async () => {
      for (const file of files) {
        const variant = await variantOf(file, role)
        if (variant) variants.push(variant)
      }
    })
    await fuses.fuseAll(variants)
  }

  return { trySeveral: (role) => void trySeveral(role) }
}
