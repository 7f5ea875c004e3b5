import { useSyncExternalStore } from 'react'

import { onPixelRatio } from '@/canvas/pixelRatio'

/** Device px per css px, also after it has changed. */
export const usePixelRatio = (): number => useSyncExternalStore(onPixelRatio, () => window.devicePixelRatio)
