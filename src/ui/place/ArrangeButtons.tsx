import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import { alignedBy, distributedBy, type Side } from '@/canvas/arrange'
import { placedBounds } from '@/canvas/placement'
import { moveLayer } from '@/document/commands'
import { fuseTargets } from '@/document/layers'
import type { ForegroundLayer } from '@/schema/document'
import { IconButton } from '@/ui/controls/IconButton'
import { useDocument, useStudio } from '@/ui/studio'
import { type Message, say } from '@/words/say'

const ALIGN = [
  { side: 'left', icon: AlignStartVertical, label: 'To the left edge' },
  { side: 'centre', icon: AlignCenterVertical, label: 'To the centre, across' },
  { side: 'right', icon: AlignEndVertical, label: 'To the right edge' },
  { side: 'top', icon: AlignStartHorizontal, label: 'To the top edge' },
  { side: 'middle', icon: AlignCenterHorizontal, label: 'To the middle, up and down' },
  { side: 'bottom', icon: AlignEndHorizontal, label: 'To the bottom edge' },
] as const satisfies readonly { side: Side; icon: LucideIcon; label: Message }[]
const DISTRIBUTE = [
  { axis: 'x', icon: AlignHorizontalSpaceBetween, label: 'Even gaps across, of all foregrounds' },
  { axis: 'y', icon: AlignVerticalSpaceBetween, label: 'Even gaps up and down, of all foregrounds' },
] as const

/** Brings a foreground to an edge or the middle of the picture, and all of them to even gaps; each a step back. */
export function ArrangeButtons({ layer, locked }: { layer: ForegroundLayer; locked: boolean }): ReactNode {
  const { document, drawables } = useStudio()
  const picture = useDocument((state) => state.document.background)
  // The gaps of what cannot move are as they are.
  const uneven = useDocument(({ document: doc }) => {
    const all = fuseTargets(doc)
    return all.length < 3 || all.some((one) => one.locked)
  })
  if (!picture) return null
  const boundsOf = (one: ForegroundLayer): Rect =>
    placedBounds(drawables(one.asset.hash)?.content ?? one.asset, one)
  // Whole pixels: what lands on pixels unchanged is copied exactly.
  const shift = ({ id, box }: ForegroundLayer, x: number, y: number) =>
    moveLayer(document, id, { ...box, x: Math.round(box.x + x), y: Math.round(box.y + y) })
  const align = (side: Side) => {
    const { x, y } = alignedBy(boundsOf(layer), side, picture)
    shift(layer, x, y)
  }
  const distribute = (axis: 'x' | 'y') => {
    const all = fuseTargets(document.getState().document)
    const shifts = distributedBy(all.map(boundsOf), axis)
    document.actions.begin('Even out gaps')
    for (const [i, one] of all.entries())
      shift(one, axis === 'x' ? shifts[i] : 0, axis === 'y' ? shifts[i] : 0)
    document.actions.commit()
  }
  return (
    <div className="row arrange" role="toolbar" aria-label={say('Arrange')}>
      {ALIGN.map(({ side, icon, label }) => (
        <IconButton
          key={side}
          small
          icon={icon}
          label={say(label)}
          disabled={locked}
          testId={`align-${side}`}
          onClick={() => align(side)}
        />
      ))}
      {DISTRIBUTE.map(({ axis, icon, label }) => (
        <IconButton
          key={axis}
          small
          icon={icon}
          label={say(label)}
          disabled={locked || uneven}
          testId={`distribute-${axis}`}
          onClick={() => distribute(axis)}
        />
      ))}
    </div>
  )
}
