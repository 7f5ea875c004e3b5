import { fileStem } from '@/base/names'

/** What a picture's file is called: words of its stem, and its seed where it has one. */
export const pictureName = (
  type: 'png' | 'psd' | 'jpg' | 'webp' | 'avif',
  stem: string,
  seed: string | null = null,
): string => `${fileStem(stem) || 'picture'}-inlay${seed === null ? '' : `-${seed}`}.${type}`
