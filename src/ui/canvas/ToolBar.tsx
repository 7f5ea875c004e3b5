import { Hand, MousePointer2, Paintbrush, SquareDashed, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import type { ToolName } from '@/canvas/tools/tool'
import { drawsLayers } from '@/document/place/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { useDocument, useStudio, useView } from '@/ui/studio'
import { say, type Message } from '@/words/say'

const TOOLS = [
  { name: 'select', icon: MousePointer2, label: 'Select and move' },
  { name: 'box', icon: SquareDashed, label: 'Draw box' },
  { name: 'pan', icon: Hand, label: 'Pan' },
] as const satisfies { name: ToolName; icon: LucideIcon; label: Message }[]

/** The tools of the canvas. */
export function ToolBar(): ReactNode {
  const { view } = useStudio()
  const tool = useView((state) => state.tool)
  const ground = useView((state) => state.brush.kind === 'ground')
  const layered = useDocument((state) => drawsLayers(state.document))
  const stretch = useView((state) => state.stretchBoxes)
  return (
    <div className="floating tools" role="toolbar" aria-label={say('Canvas tools')}>
      {TOOLS.map(({ name, icon, label }) => (
        <IconButton
          key={name}
          icon={icon}
          label={say(label)}
          shortcut={name}
          pressed={tool === name}
          testId={`tool-${name}`}
          onClick={() => view.actions.setTool(name)}
        />
      ))}
      {layered && (
        <IconButton
          icon={Paintbrush}
          label={say('Paint masks')}
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
            {say('Stretch to fill')}
          </label>
        </>
      )}
    </div>
  )
}
