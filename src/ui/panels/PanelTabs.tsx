import { Layers, SlidersHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { say } from '@/words/say'

export type PanelName = 'left' | 'right'

interface PanelTabsProps {
  leftTitle: string
  opened: PanelName | null
  onOpen(panel: PanelName | null): void
}

/** Where the window is too narrow for the panels (narrow.css): opens one of them below the picture, and closes it. */
export function PanelTabs({ leftTitle, opened, onOpen }: PanelTabsProps): ReactNode {
  const tabs = [
    { name: 'left', icon: Layers, title: leftTitle },
    { name: 'right', icon: SlidersHorizontal, title: say('Settings') },
  ] as const
  return (
    <nav className="panel-tabs" aria-label={say('Panels')}>
      {tabs.map(({ name, icon: Icon, title }) => (
        <button
          key={name}
          type="button"
          className="panel-tab"
          aria-expanded={opened === name}
          aria-controls={`panel-${name}`}
          data-testid={`panel-tab-${name}`}
          onClick={() => onOpen(opened === name ? null : name)}
        >
          <Icon aria-hidden="true" />
          <span>{title}</span>
        </button>
      ))}
    </nav>
  )
}
