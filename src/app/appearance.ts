import type { SettingsStore } from '@/ui/stores/settings'

/** Has the page's root say which theme and contrast hold, by which styles go (ui/styles/tokens.css). */
export function keepAppearance(settings: SettingsStore): void {
  const root = window.document.documentElement
  const wanted = matchMedia('(prefers-contrast: more)')
  const bars = [...window.document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')]
  const systems = bars.map(({ media }) => media)
  const apply = () => {
    const { theme, contrast } = settings.getState()
    root.dataset.theme = theme
    root.dataset.contrast = contrast === 'more' || wanted.matches ? 'more' : 'usual'
    // The window's own bar follows: each of these holds for one theme.
    bars.forEach((bar, at) => {
      bar.media = theme === 'system' ? systems[at] : systems[at].includes(theme) ? 'all' : 'not all'
    })
  }
  apply()
  settings.subscribe(apply)
  wanted.addEventListener('change', apply)
}
