import { Group } from 'konva/lib/Group'

import type { Size } from '@/base/geometry'
import type { Drawable, DrawableSource } from '@/canvas/drawable'
import type { SceneObject } from '@/canvas/ground'
import { maskedPictures } from '@/canvas/maskedPicture'
import { PictureShape } from '@/canvas/pictureShape'
import { placedRect, type Placement } from '@/canvas/placement'
import type { BlendMode } from '@/base/look'
import { topResult } from '@/document/layers'
import { usedMask } from '@/schema/common'
import type { FusionDocument, Layer } from '@/schema/document'

/** Foregrounds and accepted results as Konva nodes, kept in step with the document's layers. */
export interface Pictures {
  readonly group: Group
  /** Nodes of layers that have not changed stay where they are: a gesture may be moving one. */
  sync(document: FusionDocument, drawables: DrawableSource): void
  node(id: string): PictureShape | null
  /** Lays a node over the topmost visible result, below all that stands on it; says whether there is one. */
  putAboveResult(node: Group, document: FusionDocument): boolean
  /** Draws foregrounds as they look in the picture, as long as they stand where that was. */
  dress(objects: readonly SceneObject[], document: FusionDocument): void
  /** Moves a foreground's node alone, for a gesture that has not ended. */
  show(id: string, placement: Placement): void
}

/** What a canvas calls them. */
const OPERATIONS: Record<BlendMode, GlobalCompositeOperation> = {
  normal: 'source-over',
  multiply: 'multiply',
  screen: 'screen',
  overlay: 'overlay',
  color: 'color',
  luminosity: 'luminosity',
}

export function pictures(): Pictures {
  const group = new Group({ listening: false })
  const nodes = new Map<string, PictureShape>()
  const contents = new Map<string, Size>()
  /** The layers as their nodes were laid out last. */
  const laidOut = new Map<string, Layer>()
  /** Where foregrounds were shown last. */
  const placements = new Map<string, Placement>()
  const looks = new Map<string, SceneObject>()
  const masked = maskedPictures()

  /** A layer's picture as its mask shows it; whole until the mask has been read. */
  const drawableOf = (layer: Layer, drawables: DrawableSource): Drawable | null => {
    const picture = drawables(layer.asset.hash)
    const used = usedMask(layer)
    if (!used) masked.forget(layer.id)
    const mask = used && drawables(used.hash)
    return picture && mask ? masked.of(layer.id, picture, mask, `${layer.asset.hash} ${used.hash}`) : picture
  }

  const clothe = (id: string) => {
    const [look, placement] = [looks.get(id), placements.get(id)]
    if (look && placement && samePlacement(look.placement, placement))
      nodes.get(id)?.setLook(look.picture, look.rect)
    else nodes.get(id)?.setLook(null)
  }

  const show = (id: string, placement: Placement) => {
    const node = nodes.get(id)
    const content = contents.get(id)
    if (!node || !content) return
    const rect = placedRect(content, placement)
    node.setAttrs({
      x: rect.x + rect.width / 2,
      y: rect.y + rect.height / 2,
      width: rect.width,
      height: rect.height,
      offsetX: rect.width / 2,
      offsetY: rect.height / 2,
      rotation: placement.rotationDegrees,
      scaleX: 1,
      scaleY: 1,
    })
    placements.set(id, placement)
    clothe(id)
  }

  const syncOne = (layer: Layer, document: FusionDocument, drawables: DrawableSource) => {
    const drawable = drawableOf(layer, drawables)
    if (!drawable || !document.background) {
      nodes.get(layer.id)?.visible(false)
      return
    }
    const node = nodes.get(layer.id) ?? new PictureShape()
    if (!nodes.has(layer.id)) {
      nodes.set(layer.id, node)
      group.add(node)
    }
    node.visible(layer.visible)
    node.opacity(layer.opacity ?? 1)
    node.globalCompositeOperation(OPERATIONS[layer.blend ?? 'normal'])
    if (layer.kind === 'foreground') {
      contents.set(layer.id, drawable.content)
      node.setPicture(drawable, drawable.content, layer.flipX)
      if (laidOut.get(layer.id) !== layer) show(layer.id, layer)
      laidOut.set(layer.id, layer)
    } else {
      node.setPicture(drawable, { x: 0, y: 0, width: drawable.width, height: drawable.height })
      node.setAttrs({ x: 0, y: 0, width: document.background.width, height: document.background.height })
    }
  }

  return {
    group,
    show,
    node: (id) => nodes.get(id) ?? null,
    dress(objects, document) {
      looks.clear()
      for (const object of objects) looks.set(object.id, object)
      for (const layer of document.layers) if (layer.kind === 'foreground') clothe(layer.id)
    },
    putAboveResult(node, document) {
      const base = document.layers[topResult(document)]
      const below = base && nodes.get(base.id)
      if (!below) return false
      node.moveTo(group)
      node.moveToTop()
      node.zIndex(below.zIndex() + 1)
      return true
    },
    sync(document, drawables) {
      const alive = new Set(document.layers.map((layer) => layer.id))
      for (const [id, node] of nodes)
        if (!alive.has(id)) {
          node.destroy()
          nodes.delete(id)
          contents.delete(id)
          laidOut.delete(id)
          placements.delete(id)
          masked.forget(id)
        }
      masked.share(document.layers.filter((layer) => usedMask(layer)).length)
      for (const layer of document.layers) syncOne(layer, document, drawables)
      document.layers.forEach((layer, index) => nodes.get(layer.id)?.zIndex(Math.min(index, nodes.size - 1)))
    },
  }
}

const samePlacement = (a: Placement, b: Placement): boolean =>
  a.box.x === b.box.x &&
  a.box.y === b.box.y &&
  a.box.width === b.box.width &&
  a.box.height === b.box.height &&
  a.stretch === b.stretch &&
  a.rotationDegrees === b.rotationDegrees &&
  a.flipX === b.flipX
