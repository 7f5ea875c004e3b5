import { fileStem } from '@/base/names'
import type { Recipe } from '@/schema/recipe'
import { markWords } from '@/ui/markWords'
import { say } from '@/words/say'

/** What a picture's file is called: words of its stem, and its seed where it has one. */
export const pictureName = (
  type: 'png' | 'psd' | 'jpg' | 'webp' | 'avif',
  stem: string,
  seed: string | null = null,
): string => `${fileStem(stem) || 'picture'}-inlay${seed === null ? '' : `-${seed}`}.${type}`

/** What a result is called where it is used as a picture, in the language of its time: "Result, seed 7". */
export const resultName = (recipe: Recipe): string => say('Result, {mark}', { mark: markWords(recipe) })
