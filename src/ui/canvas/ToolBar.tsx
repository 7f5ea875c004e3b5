import { Hand, MousePointer2, Paintbrush, SquareDashed, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import type { ToolName } from '@/canvas/tools/tool'
import { drawsLayers } from '@/document/place/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { useDocument, useStudio, useView } from '@/ui/studio'

const TOOLS: { name: Exclude<ToolName, 'brush'>; icon: LucideIcon; label: string }[] = [
  { name: 'select', icon: MousePointer2, label: 'Select and move' },
  { name: 'box', icon: SquareDashed, label: 'Draw box' },
  { name: 'pan', icon: Hand, label: 'Pan' },
]

/** The tools of the canvas. */
export function ToolBar(): ReactNode {
  const { view } = useStudio()
  const tool = useView((state) => state.tool)
  const ground = useView((state) => state.brush.kind === 'ground')
  const layered = useDocument((state) => drawsLayers(state.document))
  const stretch = useView((state) => state.stretchBoxes)
  return (
    <div className="floating tools" role="toolbar" aria-label="Canvas tools">
      {TOOLS.map(({ name, icon, label }) => (
        <IconButton
          key={name}
          icon={icon}
          label={label}
          shortcut={name}
          pressed={tool === name}
          testId={`tool-${name}`}
          onClick={() => view.actions.setTool(name)}
        />
      ))}
      {layered && (
        <IconButton
          icon={Paintbrush}
          label="Paint masks"
          shortcut="paint-front"
          pressed={tool === 'brush'}
          testId="tool-brush"
          onClick={() => view.actions.paint(ground ? 'ground' : 'front')}
        />
      )}
      {tool === 'box' && (
        <>
          <span className="divider" />
          <label className="check">
            <input
              type="checkbox"
              checked={stretch}
              onChange={(event) => view.actions.setStretchBoxes(event.target.checked)}
            />
            Stretch to fill
          </label>
        </>
      )}
    </div>
  )
}
