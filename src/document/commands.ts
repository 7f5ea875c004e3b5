import type { Draft } from 'immer'
import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Rect } from '@/base/geometry'
import { followWords } from '@/document/alignWords'
import { defaultBox, findLayer } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { FusionDocument, type ForegroundLayer, type Layer } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'

// Each command is one undoable step, or a part of the gesture that the caller has opened. Whatever they are given, they
// leave a document that its schema accepts: one that does not could not be opened again.

/** Smallest side of a box, background pixels. */
export const SMALLEST_BOX = 1

type Settings = FusionDocument['settings']

const newId = (): string => crypto.randomUUID()

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

const layerIn = (draft: Draft<FusionDocument>, id: string): Draft<Layer> | undefined =>
  draft.layers.find((layer) => layer.id === id)

function nameOf(store: DocumentStore, id: string): string {
  return findLayer(store.getState().document, id)?.name ?? 'layer'
}

/** Changes one foreground; does nothing where `id` is none. */
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
      if (layer?.kind === 'foreground') change(layer)
    },
    mergeKey,
  )
}

/**
 * Replaces the background. Boxes keep their place relative to it: when the size changes they are scaled with the
 * height and moved so that they stand where they stood in proportion.
 */
export function setBackground(store: DocumentStore, asset: AssetRef | null): void {
  store.actions.apply(asset ? 'Set background' : 'Remove background', (draft) => {
    const old = draft.background
    draft.background = asset
    if (!old || !asset || (old.width === asset.width && old.height === asset.height)) return
    const scale = asset.height / old.height
    for (const layer of draft.layers) {
      if (layer.kind !== 'foreground') continue
      const centre = ((layer.box.x + layer.box.width / 2) / old.width) * asset.width
      const width = layer.box.width * scale
      layer.box = sane({
        x: centre - width / 2,
        y: layer.box.y * scale,
        width,
        height: layer.box.height * scale,
      })
    }
  })
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
      box: sane(place),
      stretch: false,
      rotationDegrees: 0,
      flipX: false,
    })
  })
  store.actions.select(id)
  return id
}

/** A box with positive sides, whichever corner it was drawn from. */
function sane(box: Rect): Rect {
  return {
    x: Math.min(box.x, box.x + box.width),
    y: Math.min(box.y, box.y + box.height),
    width: Math.max(SMALLEST_BOX, Math.abs(box.width)),
    height: Math.max(SMALLEST_BOX, Math.abs(box.height)),
  }
}

/** Moves or scales: sets the box, background pixels. */
export function moveLayer(store: DocumentStore, id: string, box: Rect, mergeKey?: string): void {
  if (!isFinite(box)) return
  changeForeground(store, 'Move', id, (layer) => Object.assign(layer.box, sane(box)), mergeKey)
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

/** Mirrors left and right. */
export function flip(store: DocumentStore, id: string): void {
  changeForeground(store, 'Flip', id, (layer) => {
    layer.flipX = !layer.flipX
  })
}

/** Another picture for the same layer (after a cut-out); the place stays. */
export function replaceAsset(store: DocumentStore, id: string, asset: AssetRef, box?: Rect): void {
  changeForeground(store, 'Cut out', id, (layer) => {
    layer.asset = asset
    if (box && isFinite(box)) layer.box = sane(box)
  })
}

export function rename(store: DocumentStore, id: string, name: string): void {
  const trimmed = name.trim().slice(0, 300)
  if (!trimmed) return
  store.actions.apply(`Rename ${nameOf(store, id)}`, (draft) => {
    const layer = layerIn(draft, id)
    if (layer) layer.name = trimmed
  })
}

export function setVisible(store: DocumentStore, id: string, visible: boolean): void {
  store.actions.apply(`${visible ? 'Show' : 'Hide'} ${nameOf(store, id)}`, (draft) => {
    const layer = layerIn(draft, id)
    if (layer) layer.visible = visible
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

export function removeLayer(store: DocumentStore, id: string): void {
  const from = store.getState().document.layers.findIndex((layer) => layer.id === id)
  if (from < 0) return
  store.actions.apply(`Remove ${nameOf(store, id)}`, (draft) => {
    draft.layers.splice(from, 1)
  })
}

/**
 * Copies a foreground, a little to the right and below, and selects the copy. Returns its id, null for no foreground.
 * Throws `bad-document` when there are too many layers.
 */
export function duplicate(store: DocumentStore, id: string): string | null {
  const { document } = store.getState()
  const index = document.layers.findIndex((layer) => layer.id === id)
  const layer = document.layers[index]
  if (layer?.kind !== 'foreground') return null
  checkRoom(store)
  const copyId = newId()
  const step = Math.round((document.background?.width ?? 1024) / 40)
  store.actions.apply(`Duplicate ${layer.name}`, (draft) => {
    draft.layers.splice(index + 1, 0, {
      ...layer,
      id: copyId,
      name: layer.name.endsWith(' copy') ? layer.name : `${layer.name.slice(0, 295)} copy`,
      box: { ...layer.box, x: layer.box.x + step, y: layer.box.y + step },
    })
  })
  store.actions.select(copyId)
  return copyId
}

/** Sets the prompt of the mode that is on; while someone types, all of it is one step. */
export function setPrompt(store: DocumentStore, prompt: string): void {
  const text = prompt.slice(0, 2000)
  store.actions.apply(
    'Edit prompt',
    (draft) => {
      switch (draft.mode) {
        case 'place':
          draft.prompt = text
          break
        case 'compose':
          draft.composePrompt = text
          break
        case 'align':
          draft.align.words = followWords(draft.align.words, draft.align.prompt, text)
          draft.align.prompt = text
      }
    },
    `prompt:${store.getState().document.mode}`,
  )
}

/** Sets one of the settings; quick changes of the same one are one step. A value out of range changes nothing. */
export function setSetting<K extends keyof Settings>(store: DocumentStore, key: K, value: Settings[K]): void {
  if (!v.is(FusionDocument.entries.settings.entries[key], value)) return
  store.actions.apply(
    `Change ${key === 'randomSeed' ? 'seed' : key}`,
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
 */
export function acceptResult(store: DocumentStore, { asset, recipe, foregroundIds }: AcceptedResult): string {
  checkRoom(store)
  const id = newId()
  store.actions.apply('Accept result', (draft) => {
    let above = -1
    draft.layers.forEach((layer, index) => {
      if (!foregroundIds.includes(layer.id)) return
      layer.visible = false
      above = index
    })
    const count = draft.layers.filter(({ kind }) => kind === 'result').length
    const result: Layer = { kind: 'result', id, name: `Result ${count + 1}`, visible: true, asset, recipe }
    draft.layers.splice(above < 0 ? draft.layers.length : above + 1, 0, result)
  })
  store.actions.select(id)
  return id
}

/** Opens another document; history starts over. */
export function replaceDocument(store: DocumentStore, document: FusionDocument): void {
  store.actions.replace(document)
}
