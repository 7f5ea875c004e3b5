import type { Draft } from 'immer'

import type { Rect, Size } from '@/base/geometry'
import { intersect, rotatedBounds } from '@/base/geometry'
import { isPlain } from '@/base/look'
import { usedMask, type AssetRef } from '@/schema/common'
import type { ForegroundLayer, FusionDocument, Layer } from '@/schema/document'

export function findLayer(doc: FusionDocument, id: string | null): Layer | null {
  return doc.layers.find((layer) => layer.id === id) ?? null
}

/** Whether a layer covers what lies below it wherever its picture does. */
export const isWhole = (layer: Layer): boolean => isPlain(layer) && usedMask(layer) === null

/** Index of the topmost visible result that nothing shines through, -1 where there is none. */
export function topResult(doc: FusionDocument): number {
  return doc.layers.findLastIndex((layer) => layer.kind === 'result' && layer.visible && isWhole(layer))
}

/** All that is seen above that result, bottom to top. */
export const seenAbove = (doc: FusionDocument): Layer[] =>
  doc.layers.slice(topResult(doc) + 1).filter(({ visible }) => visible)

/** The picture that the next fuse starts from: that result, else the background. */
export function baseLayer(doc: FusionDocument): AssetRef | null {
  return doc.layers[topResult(doc)]?.asset ?? doc.background
}

/**
 * Hashes of the pictures that matter most, the most important first: the selected layer's and its mask's, the staged result,
 * and what all stands on.
 */
export function foremost(doc: FusionDocument, selection: string | null, staged: AssetRef | null): string[] {
  const chosen = findLayer(doc, selection)
  const mask = chosen && usedMask(chosen)
  return [chosen?.asset, mask, staged, baseLayer(doc)].flatMap((asset) => (asset ? [asset.hash] : []))
}

/** The foregrounds that the next fuse takes: visible ones above the picture that it starts from, bottom to top. */
export const fuseTargets = (doc: FusionDocument): ForegroundLayer[] =>
  seenAbove(doc).filter((layer) => layer.kind === 'foreground')

/** Bounds of the box after rotation, background pixels. */
export const boundsOf = (layer: ForegroundLayer): Rect => rotatedBounds(layer.box, layer.rotationDegrees)

/** Whether a layer's box lies wholly beside the background: nothing of it is seen there. */
export function isBeside(layer: Layer, { background }: FusionDocument): boolean {
  const whole = { x: 0, y: 0, width: background?.width ?? 0, height: background?.height ?? 0 }
  return layer.kind === 'foreground' && intersect(boundsOf(layer), whole) === null
}

/** Share of the background's height that a new foreground takes, and its distance from the lower edge. */
const DEFAULT_HEIGHT = 0.4
const DEFAULT_MARGIN = 0.06
/** A new foreground is never wider than this share of the background. */
const WIDEST = 0.9

/** Where a new foreground goes: bottom-centred, 40 % of the height, whole inside the picture. Background pixels. */
export function defaultBox(content: Size, background: Size): Rect {
  const height = background.height * DEFAULT_HEIGHT
  const scale = Math.min(height / content.height, (background.width * WIDEST) / content.width)
  const size = { width: Math.max(1, content.width * scale), height: Math.max(1, content.height * scale) }
  return {
    x: (background.width - size.width) / 2,
    y: Math.max(0, background.height * (1 - DEFAULT_MARGIN) - size.height),
    ...size,
  }
}

/** Smallest side of a box, background pixels. */
export const SMALLEST_BOX = 1

/** A box with positive sides, whichever corner it was drawn from. */
export function saneBox(box: Rect): Rect {
  return {
    x: Math.min(box.x, box.x + box.width),
    y: Math.min(box.y, box.y + box.height),
    width: Math.max(SMALLEST_BOX, Math.abs(box.width)),
    height: Math.max(SMALLEST_BOX, Math.abs(box.height)),
  }
}

/**
 * Replaces the background. Boxes keep their place relative to it: when the size changes they are scaled with the
 * height and moved so that they stand where they stood in proportion.
 */
export function replaceBackground(draft: Draft<FusionDocument>, asset: AssetRef | null): void {
  const old = draft.background
  draft.background = asset
  // They were painted on what the old one shows.
  delete draft.scene.masks
  if (!old || !asset || (old.width === asset.width && old.height === asset.height)) return
  const scale = asset.height / old.height
  for (const layer of draft.layers) {
    if (layer.kind !== 'foreground') continue
    const centre = ((layer.box.x + layer.box.width / 2) / old.width) * asset.width
    const width = layer.box.width * scale
    layer.box = saneBox({
      x: centre - width / 2,
      y: layer.box.y * scale,
      width,
      height: layer.box.height * scale,
    })
  }
}
