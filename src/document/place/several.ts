import { produce } from 'immer'

import { fitInBox, type Rect } from '@/base/geometry'
import { findLayer, fuseTargets, replaceBackground, saneBox } from '@/document/layers'
import type { AssetRef } from '@/schema/common'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'

/** The foreground that another picture takes the place of: the selected one, else the topmost; null: there is none. */
export function replaceable(doc: FusionDocument, selection: string | null): ForegroundLayer | null {
  const targets = fuseTargets(doc)
  const selected = findLayer(doc, selection)
  return targets.find((layer) => layer === selected) ?? targets.at(-1) ?? null
}

/** The document with another background: boxes keep their place relative to it. Accepted results show the old one, and go. */
export const withBackground = (doc: FusionDocument, asset: AssetRef): FusionDocument =>
  produce({ ...doc, layers: fuseTargets(doc) as FusionDocument['layers'] }, (draft) =>
    replaceBackground(draft, asset),
  )

/**
 * The document with another picture in a foreground's place: as high, on the same foot line, around the same middle.
 * @param content what is visible of the new picture, px of its own @param before the same of the old one, where it is known
 */
export function withForeground(
  doc: FusionDocument,
  layer: ForegroundLayer,
  asset: AssetRef,
  content: Rect,
  before: Rect | null,
): FusionDocument {
  const stood = before ? fitInBox(before, layer.box, layer.stretch) : layer.box
  const width = (stood.height * content.width) / content.height
  const box = saneBox({ ...stood, x: stood.x + (stood.width - width) / 2, width })
  // A mask is of the picture that it was painted on.
  const { mask: _mask, ...placed } = layer
  return {
    ...doc,
    layers: doc.layers.map((one) => (one === layer ? { ...placed, name: asset.name, asset, box } : one)),
  }
}
