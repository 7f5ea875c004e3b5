import { createPictureList, type PictureList } from '@/app/pictureList'
import type { AppServices } from '@/app/services'
import { addReference, replaceReferenceAsset } from '@/document/compose/commands'
import { MAX_REFERENCES } from '@/schema/modes/compose'

/** References of Compose, from files and results. */
export function createReferences(services: AppServices): PictureList {
  const { document } = services
  const references = () => document.getState().document.references
  return createPictureList(services, {
    isFull: () => references().length >= MAX_REFERENCES,
    full: {
      code: 'bad-document',
      message: `Compose takes at most ${MAX_REFERENCES} references.`,
      hint: 'Remove one first.',
    },
    add: (asset) => void addReference(document, asset),
    assetOf: (id) => references().find((one) => one.id === id)?.asset ?? null,
    replace: (id, asset) => replaceReferenceAsset(document, id, asset),
  })
}
