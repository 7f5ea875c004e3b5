/** Macs and iPads have ⌘ where others have Ctrl. */
export const ON_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
