/** How layers show: opacity, blend mode, lock, alone; and layers made one with the background. */
import * as v from 'valibot'

import { lookOf, type BlendMode, type Look } from '@/base/look'
import { layerIn, nameOf } from '@/document/commands'
import { findLayer, isBeside } from '@/document/layers'
import type { DocumentStore } from '@/document/store'
import { look as lookEntries, type AssetRef } from '@/schema/common'

function setLook(store: DocumentStore, id: string, label: string, change: Look, mergeKey?: string): void {
  if (findLayer(store.getState().document, id)?.locked) return
  store.actions.apply(
    `${label} ${nameOf(store, id)}`,
    (draft) => {
      const layer = layerIn(draft, id)
      if (!layer) return
      const next = lookOf({ ...layer, ...change })
      delete layer.opacity
      delete layer.blend
      Object.assign(layer, next)
    },
    mergeKey,
  )
}

/** 0..1; quick changes are one step. What is no opacity changes nothing. */
export function setOpacity(store: DocumentStore, id: string, opacity: number): void {
  if (v.is(lookEntries.opacity, opacity))
    setLook(store, id, 'Change opacity of', { opacity }, `opacity:${id}`)
}

export const setBlend = (store: DocumentStore, id: string, blend: BlendMode): void =>
  setLook(store, id, 'Blend', { blend })

/** What is locked can be neither changed, moved, replaced, merged nor deleted; it still shows, hides and moves in the list. */
export function setLocked(store: DocumentStore, id: string, locked: boolean): void {
  store.actions.apply(`${locked ? 'Lock' : 'Unlock'} ${nameOf(store, id)}`, (draft) => {
    const layer = layerIn(draft, id)
    if (locked && layer) layer.locked = true
    else delete layer?.locked
  })
}

/** Shows a layer alone over the background; where it is alone already, those that were put away for it. */
export function showAlone(store: DocumentStore, id: string): void {
  const { layers } = store.getState().document
  const layer = layers.find((one) => one.id === id)
  if (!layer) return
  const alone = layer.visible && layers.every((one) => one.id === id || !one.visible)
  store.actions.apply(alone ? 'Show the other layers' : `Show only ${layer.name}`, (draft) => {
    for (const one of draft.layers) {
      const put = one.id !== id && (one.visible || one.aside === true)
      one.visible = one.id === id || (alone && one.aside === true)
      if (put && !alone) one.aside = true
      else delete one.aside
    }
  })
}

/** Why a layer cannot be merged into the background, in a sentence; null where it can. */
export function unmergeable(store: DocumentStore, id: string): string | null {
  const { document } = store.getState()
  const layer = findLayer(document, id)
  if (!layer || !document.background) return 'Select a layer.'
  if (!layer.visible) return `Show “${layer.name}” first: what is hidden is not merged.`
  const locked = mergedWith(store, id).find((one) => one.locked)
  return locked ? `“${locked.name}” is locked.` : null
}

/** A layer and the visible ones below it, bottom to top, as far as they lie on the picture: what becomes one with the background. */
export function mergedWith(store: DocumentStore, id: string) {
  const { document } = store.getState()
  return document.layers
    .slice(0, document.layers.findIndex((layer) => layer.id === id) + 1)
    .filter((layer) => layer.visible && !isBeside(layer, document))
}

/** A picture of the background with these layers on it takes their place; what was painted on it still fits. */
export function mergeLayers(store: DocumentStore, ids: readonly string[], asset: AssetRef): void {
  const names = ids.length === 1 ? nameOf(store, ids[0]) : `${ids.length} layers`
  store.actions.apply(`Merge ${names}`, (draft) => {
    draft.background = asset
    draft.layers = draft.layers.filter(({ id }) => !ids.includes(id))
  })
}
