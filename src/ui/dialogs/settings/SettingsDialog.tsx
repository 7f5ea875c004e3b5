import { Footprints } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'

import type { WheelUse } from '@/canvas/wheel'
import { keyName } from '@/ui/bindings'
import { Dialog } from '@/ui/controls/Dialog'
import { Say } from '@/ui/controls/Say'
import { Segmented } from '@/ui/controls/Segmented'
import { ShortcutList } from '@/ui/dialogs/settings/ShortcutList'
import { bytes } from '@/ui/bytes'
import type { Contrast, LanguageChoice, Theme } from '@/ui/stores/settings'
import { useSettings, useStudio } from '@/ui/studio'
import { LANGUAGE_NAMES, LANGUAGES } from '@/words/languages'
import { say } from '@/words/say'

/** A list of choices in the page's language: it is made where it is drawn. */
const themes = (): { value: Theme; label: string }[] => [
  { value: 'system', label: say('System') },
  { value: 'light', label: say('Light|theme') },
  { value: 'dark', label: say('Dark|theme') },
]
const contrasts = (): { value: Contrast; label: string }[] => [
  { value: 'system', label: say('System') },
  { value: 'more', label: say('High|contrast') },
]
const wheels = (): { value: WheelUse; label: string }[] => [
  { value: 'auto', label: say('Automatic') },
  { value: 'zoom', label: say('Zooms') },
  { value: 'pan', label: say('Pans') },
]
const languages = (): { value: LanguageChoice; label: string }[] => [
  { value: 'system', label: say('System') },
  ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
]

/** What the canvas and the pixel worker aim at, together; pictures that are just being read come on top. */
const PICTURE_BYTES = 512e6

/** How the studio looks, what scrolling does, and every shortcut. */
export function SettingsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, settings } = useStudio()
  const { language, theme, contrast, wheel } = useSettings((state) => state)
  const [memory, setMemory] = useState<number | null>(null)
  useEffect(
    () => void actions.pictureMemory().then(({ drawn, worker }) => setMemory(drawn + worker)),
    [actions],
  )
  return (
    <Dialog
      title={say('Settings')}
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
          <Footprints aria-hidden="true" /> {say('Show me around')}
        </button>
      }
    >
      <div className="settings">
        <Segmented
          label={say('Language')}
          value={language}
          choices={languages()}
          testId="language"
          onChange={(next) => settings.setState({ language: next })}
        />
        <Segmented
          label={say('Theme')}
          value={theme}
          choices={themes()}
          testId="theme"
          onChange={(next) => settings.setState({ theme: next })}
        />
        <Segmented
          label={say('Contrast')}
          value={contrast}
          choices={contrasts()}
          testId="contrast"
          onChange={(next) => settings.setState({ contrast: next })}
        />
        <Segmented
          label={say('Scrolling on the canvas')}
          value={wheel}
          choices={wheels()}
          testId="wheel-use"
          hint={say(
            'Automatic: a mouse’s wheel zooms, two fingers on a trackpad pan. A pinch, or {key} with the wheel, always zooms.',
            { key: keyName('mod') },
          )}
          onChange={(next) => settings.setState({ wheel: next })}
        />
      </div>
      <ShortcutList />
      {memory !== null && (
        <p className="hint" data-testid="picture-memory">
          <Say
            text="Pictures in memory: {used}. Beyond a budget of about {most}, large ones are drawn from smaller copies."
            used={<strong>{bytes(memory)}</strong>}
            most={bytes(PICTURE_BYTES)}
          />
        </p>
      )}
      <p className="hint about">
        {say('Inlay {version}.', { version: String(import.meta.env.VITE_INLAY_VERSION) })}{' '}
        <a href="./THIRD-PARTY-NOTICES.txt" target="_blank" rel="noreferrer">
          {say('Software and pictures of others in it')}
        </a>
      </p>
    </Dialog>
  )
}
