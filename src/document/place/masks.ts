/** Masks that are painted in Place: of the scene (in front, ground, one per effect) and of each layer. */
import type { Draft } from 'immer'

import { layerIn } from '@/document/commands'
import { findLayer } from '@/document/layers'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import { MASK_KINDS, masksOf, type MaskKind, type PlaceScene, type SceneMasks } from '@/schema/modes/place'

/** What a mask is of: something of the scene, or a layer by its id. */
export type MaskTarget = MaskKind | `layer:${string}`

const LAYER = 'layer:'

/** Null for what is of the scene. */
export const layerOfMask = (target: MaskTarget): string | null =>
  target.startsWith(LAYER) ? target.slice(LAYER.length) : null

const kindOf = (target: MaskTarget): MaskKind | null => MASK_KINDS.find((kind) => kind === target) ?? null

/** A mask as it is painted, whether it counts or is put away. */
interface PaintedMask {
  asset: AssetRef | null
  off: boolean
}

export function maskAt({ layers, scene }: FusionDocument, target: MaskTarget): PaintedMask {
  const kind = kindOf(target)
  if (kind) {
    const masks = masksOf(scene)
    return { asset: masks[kind] ?? null, off: masks.off?.includes(kind) ?? false }
  }
  const id = layerOfMask(target)
  const mask = layers.find((layer) => layer.id === id)?.mask
  return { asset: mask?.asset ?? null, off: mask?.off ?? false }
}

/** Another mask, or none: one step, each stroke its own. What is painted on counts. */
export function setMask(store: DocumentStore, what: string, target: MaskTarget, mask: AssetRef | null): void {
  const kind = kindOf(target)
  const id = layerOfMask(target)
  if (kind) {
    const masks = withMask(masksOf(store.getState().document.scene), kind, mask)
    store.actions.apply(what, (draft) => putMasks(draft.scene, masks))
  } else if (changeable(store, id))
    store.actions.apply(what, (draft) => {
      const layer = layerIn(draft, id ?? '')
      if (mask && layer) layer.mask = { asset: mask }
      else delete layer?.mask
    })
}

/** Puts a mask away for a while, or lets it count again. */
export function setMaskUsed(store: DocumentStore, what: string, target: MaskTarget, used: boolean): void {
  const kind = kindOf(target)
  const id = layerOfMask(target)
  if (kind) {
    const masks = masksOf(store.getState().document.scene)
    const others = masks.off?.filter((one) => one !== kind) ?? []
    store.actions.apply(what, (draft) =>
      putMasks(draft.scene, { ...masks, off: used ? others : [...others, kind] }),
    )
  } else if (changeable(store, id))
    store.actions.apply(what, (draft) => {
      const mask = layerIn(draft, id ?? '')?.mask
      if (!mask) return
      if (used) delete mask.off
      else mask.off = true
    })
}

const changeable = (store: DocumentStore, id: string | null): boolean =>
  !findLayer(store.getState().document, id)?.locked

function withMask(masks: SceneMasks, kind: MaskKind, mask: AssetRef | null): SceneMasks {
  const off = masks.off?.filter((one) => one !== kind)
  if (kind === 'front' || kind === 'ground') return { ...masks, [kind]: mask, off }
  const { [kind]: _old, ...others } = masks
  return { ...others, ...(mask ? { [kind]: mask } : {}), off }
}

/** In place; what says nothing is not stored. */
function putMasks(scene: Draft<PlaceScene>, { off, ...masks }: SceneMasks): void {
  if (Object.values(masks).some(Boolean)) scene.masks = { ...masks, ...(off?.length ? { off } : {}) }
  else delete scene.masks
}

/** One of two lights is gone: the mask of the shadow that is left becomes the first one's. In place. */
export function dropShadowMask(scene: Draft<PlaceScene>, light: number): void {
  const { shadow, shadow2, off = [], ...masks } = masksOf(scene)
  const [left, name] = light === 0 ? [shadow2, 'shadow2' as const] : [shadow, 'shadow' as const]
  const others = off.filter((kind) => kind !== 'shadow' && kind !== 'shadow2')
  putMasks(scene, {
    ...masks,
    ...(left ? { shadow: left } : {}),
    off: left && off.includes(name) ? [...others, 'shadow'] : others,
  })
}
