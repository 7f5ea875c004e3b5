import type { Draft } from 'immer'
import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Rect } from '@/base/geometry'
import { newId } from '@/base/id'
import { copyName, keptName, LONGEST_NAME, nameOfCopy, shorten } from '@/base/names'
import { changeOf } from '@/document/changes'
import { defaultBox, findLayer, replaceBackground, saneBox } from '@/document/layers'
import { modeOf } from '@/document/modes'
import type { DocumentStore } from '@/document/store'
import { MAX_PROMPT, type AssetRef } from '@/schema/common'
import { ForegroundLayer, FusionDocument, type Layer } from '@/schema/document'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'

// Each command is one undoable step, or a part of the gesture that the caller has opened. Whatever they are given, they
// leave a document that its schema accepts: one that does not could not be opened again.

type Settings = FusionDocument['settings']

/** Layers that are listed in a document at most (schema/document.ts). */
export const MAX_LAYERS = 200

const isFinite = (box: Rect): boolean => [box.x, box.y, box.width, box.height].every(Number.isFinite)

function checkRoom(store: DocumentStore): void {
  if (store.getState().document.layers.length >= MAX_LAYERS)
    fail(
      'bad-document',
      `A document holds at most ${MAX_LAYERS} layers.`,
      'Remove some that you no longer need.',
    )
}

export const layerIn = (draft: Draft<FusionDocument>, id: string): Draft<Layer> | undefined =>
  draft.layers.find((layer) => layer.id === id)

export function nameOf(store: DocumentStore, id: string): string {
  return findLayer(store.getState().document, id)?.name ?? 'layer'
}

/** Changes one foreground; does nothing where `id` is none, or one that is locked. */
function changeForeground(
  store: DocumentStore,
  verb: string,
  id: string,
  change: (layer: Draft<ForegroundLayer>) => void,
  mergeKey?: string,
): void {
  store.actions.apply(
    `${verb} ${nameOf(store, id)}`,
    (draft) => {
      const layer = layerIn(draft, id)
      if (layer?.kind === 'foreground' && !layer.locked) change(layer)
    },
    mergeKey,
  )
}

/** Replaces the background; boxes keep their place relative to it. */
export function setBackground(store: DocumentStore, asset: AssetRef | null): void {
  store.actions.apply(asset ? 'Set background' : 'Remove background', (draft) =>
    replaceBackground(draft, asset),
  )
}

/**
 * Adds a foreground on top and selects it; without `box` at its default place. Returns the new layer's id.
 * Throws `bad-document` when there are too many layers.
 */
export function addForeground(store: DocumentStore, asset: AssetRef, box?: Rect): string {
  checkRoom(store)
  const id = newId()
  const { background } = store.getState().document
  const place = box && isFinite(box) ? box : defaultBox(asset, background ?? { width: 1024, height: 1024 })
  store.actions.apply(`Add ${asset.name}`, (draft) => {
    draft.layers.push({
      kind: 'foreground',
      id,
      name: asset.name,
      visible: true,
      asset,
      box: saneBox(place),
      stretch: false,
      rotationDegrees: 0,
      flipX: false,
    })
  })
  store.actions.select(id)
  return id
}

/** Moves or scales: sets the box, background pixels. */
export function moveLayer(store: DocumentStore, id: string, box: Rect, mergeKey?: string): void {
  if (!isFinite(box)) return
  changeForeground(store, 'Move', id, (layer) => Object.assign(layer.box, saneBox(box)), mergeKey)
}

/** Sets the rotation, clockwise, kept within (-180, 180]. */
export function setRotation(store: DocumentStore, id: string, degrees: number): void {
  if (!Number.isFinite(degrees)) return
  const turned = ((degrees % 360) + 360) % 360
  changeForeground(store, 'Rotate', id, (layer) => {
    layer.rotationDegrees = turned > 180 ? turned - 360 : turned
  })
}

/** Whether the foreground fills its box or fits inside it. */
export function setStretch(store: DocumentStore, id: string, stretch: boolean): void {
  changeForeground(store, stretch ? 'Stretch' : 'Fit', id, (layer) => {
    layer.stretch = stretch
  })
}

/** How far something hangs above the ground at first, heights of its box. */
const FIRST_LIFT = 0.5

/** Whether a foreground stands on the ground, or hangs above it where it hung before. */
export function setStands(store: DocumentStore, id: string, stands: boolean): void {
  changeForeground(store, stands ? 'Stand' : 'Lift', id, (layer) => {
    layer.stands = stands
    layer.lift ??= FIRST_LIFT
  })
}

/** How far above the ground something hangs that does not stand, heights of its box; quick changes are one step. */
export function setLift(store: DocumentStore, id: string, lift: number): void {
  if (!v.is(ForegroundLayer.entries.lift, lift)) return
  changeForeground(
    store,
    'Lift',
    id,
    (layer) => {
      layer.lift = lift
    },
    `lift:${id}`,
  )
}

/** Mirrors left and right. */
export function flip(store: DocumentStore, id: string): void {
  changeForeground(store, 'Flip', id, (layer) => {
    layer.flipX = !layer.flipX
  })
}

/** Another cut of the same layer's picture, of the same size; its place and its mask stay. */
export function replaceAsset(
  store: DocumentStore,
  id: string,
  asset: AssetRef,
  box?: Rect,
  verb = 'Cut out',
): void {
  changeForeground(store, verb, id, (layer) => {
    layer.asset = asset
    if (box && isFinite(box)) layer.box = saneBox(box)
  })
}

export function rename(store: DocumentStore, id: string, name: string): void {
  const trimmed = keptName(name)
  if (!trimmed) return
  store.actions.apply(`Rename ${nameOf(store, id)}`, (draft) => {
    const layer = layerIn(draft, id)
    if (layer) layer.name = trimmed
  })
}

export function setVisible(store: DocumentStore, id: string, visible: boolean): void {
  store.actions.apply(`${visible ? 'Show' : 'Hide'} ${nameOf(store, id)}`, (draft) => {
    const layer = layerIn(draft, id)
    if (!layer) return
    layer.visible = visible
    delete layer.aside
  })
}

/** Moves a layer to `index` in the list, counted bottom to top from 0; clamped. */
export function reorder(store: DocumentStore, id: string, index: number): void {
  const { layers } = store.getState().document
  const from = layers.findIndex((layer) => layer.id === id)
  const to = Math.min(layers.length - 1, Math.max(0, Math.round(index)))
  if (from < 0 || from === to) return
  store.actions.apply(`Reorder ${nameOf(store, id)}`, (draft) => {
    const [layer] = draft.layers.splice(from, 1)
    draft.layers.splice(to, 0, layer)
  })
}

/** Does nothing to a layer that is locked. */
export function removeLayer(store: DocumentStore, id: string): void {
  const { layers } = store.getState().document
  const from = layers.findIndex((layer) => layer.id === id)
  if (from < 0 || layers[from].locked) return
  store.actions.apply(`Remove ${nameOf(store, id)}`, (draft) => {
    draft.layers.splice(from, 1)
  })
}

/**
 * Copies a foreground, a little to the right and below, and selects the copy. Returns its id, null for no foreground.
 * Throws `bad-document` when there are too many layers.
 */
export function duplicate(store: DocumentStore, id: string, called = copyName): string | null {
  const { document } = store.getState()
  const index = document.layers.findIndex((layer) => layer.id === id)
  const original = document.layers[index]
  if (original?.kind !== 'foreground') return null
  const { locked: _locked, ...layer } = original
  checkRoom(store)
  const copyId = newId()
  const step = Math.round((document.background?.width ?? 1024) / 40)
  store.actions.apply(`Duplicate ${layer.name}`, (draft) => {
    draft.layers.splice(index + 1, 0, {
      ...layer,
      id: copyId,
      name: layer.name.endsWith(called('')) ? layer.name : nameOfCopy(layer.name, LONGEST_NAME, called),
      box: { ...layer.box, x: layer.box.x + step, y: layer.box.y + step },
    })
  })
  store.actions.select(copyId)
  return copyId
}

export function setMode(store: DocumentStore, mode: Mode): void {
  if (store.getState().document.mode === mode) return
  store.actions.apply(`Switch to ${modeOf({ mode }).name}`, (draft) => {
    draft.mode = mode
  })
}

/** Sets the prompt of the mode that is on; while someone types, all of it is one step. */
export function setPrompt(store: DocumentStore, prompt: string): void {
  const text = shorten(prompt, MAX_PROMPT)
  store.actions.apply(
    'Edit prompt',
    (draft) => modeOf(draft).setPrompt(draft, text),
    `prompt:${store.getState().document.mode}`,
  )
}

/** Sets one of the settings; quick changes of the same one are one step. A value out of range changes nothing. */
export function setSetting<K extends keyof Settings>(store: DocumentStore, key: K, value: Settings[K]): void {
  if (!v.is(FusionDocument.entries.settings.entries[key], value)) return
  store.actions.apply(
    changeOf({ [key]: value }),
    (draft) => {
      draft.settings[key] = value
    },
    `setting:${key}`,
  )
}

export interface AcceptedResult {
  asset: AssetRef
  recipe: Recipe
  /** The layers that the result was made of, as `fuseTargets` gave them when it started. */
  foregroundIds: string[]
}

/**
 * Makes a result a layer on top of the foregrounds that it was fused from, and hides those. Returns the layer's id.
 * Throws `bad-document` when there are too many layers.
 * @param called what the document's nth result is called, in the user's language
 */
export function acceptResult(
  store: DocumentStore,
  { asset, recipe, foregroundIds }: AcceptedResult,
  called = (nth: number): string => `Result ${nth}`,
): string {
  checkRoom(store)
  const id = newId()
  store.actions.apply('Accept result', (draft) => {
    let above = -1
    draft.layers.forEach((layer, index) => {
      if (!foregroundIds.includes(layer.id)) return
      layer.visible = false
      delete layer.aside
      above = index
    })
    const count = draft.layers.filter(({ kind }) => kind === 'result').length
    const result: Layer = { kind: 'result', id, name: called(count + 1), visible: true, asset, recipe }
    draft.layers.splice(above < 0 ? draft.layers.length : above + 1, 0, result)
  })
  store.actions.select(id)
  return id
}

/** Opens another document; history starts over. */
export function replaceDocument(store: DocumentStore, document: FusionDocument): void {
  store.actions.replace(document)
}
