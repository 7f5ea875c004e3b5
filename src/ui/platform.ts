/** Macs and iPads have ⌘ where others have Ctrl. */
export const ON_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** The modifier of shortcuts as this platform's keyboards print it. */
export const MOD = ON_MAC ? '⌘' : 'Ctrl'
