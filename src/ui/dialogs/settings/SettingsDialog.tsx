import { Footprints } from 'lucide-react'
import type { ReactNode } from 'react'

import type { WheelUse } from '@/canvas/wheel'
import { Dialog } from '@/ui/controls/Dialog'
import { Segmented } from '@/ui/controls/Segmented'
import { ShortcutList } from '@/ui/dialogs/settings/ShortcutList'
import { MOD } from '@/ui/platform'
import type { Contrast, Theme } from '@/ui/stores/settings'
import { useSettings, useStudio } from '@/ui/studio'

const THEMES: { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const CONTRASTS: { value: Contrast; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'more', label: 'High' },
]
const WHEELS: { value: WheelUse; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'zoom', label: 'Zooms' },
  { value: 'pan', label: 'Pans' },
]

/** How the studio looks, what scrolling does, and every shortcut. */
export function SettingsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, settings } = useStudio()
  const { theme, contrast, wheel } = useSettings((state) => state)
  return (
    <Dialog
      title="Settings"
      wide
      onClose={onClose}
      footer={
        <button
          type="button"
          className="button push"
          data-testid="tour-again"
          onClick={() => {
            onClose()
            void actions.startTour()
          }}
        >
          <Footprints aria-hidden="true" /> Show me around
        </button>
      }
    >
      <div className="settings">
        <Segmented
          label="Theme"
          value={theme}
          choices={THEMES}
          testId="theme"
          onChange={(next) => settings.setState({ theme: next })}
        />
        <Segmented
          label="Contrast"
          value={contrast}
          choices={CONTRASTS}
          testId="contrast"
          onChange={(next) => settings.setState({ contrast: next })}
        />
        <Segmented
          label="Scrolling on the canvas"
          value={wheel}
          choices={WHEELS}
          testId="wheel-use"
          hint={`Automatic: a mouse’s wheel zooms, two fingers on a trackpad pan. A pinch, or ${MOD} with the wheel, always zooms.`}
          onChange={(next) => settings.setState({ wheel: next })}
        />
      </div>
      <ShortcutList />
      <p className="hint about">
        Inlay {String(import.meta.env.VITE_INLAY_VERSION)}.{' '}
        <a href="./THIRD-PARTY-NOTICES.txt" target="_blank" rel="noreferrer">
          Software and pictures of others in it
        </a>
      </p>
    </Dialog>
  )
}
