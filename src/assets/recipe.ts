import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { Recipe } from '@/schema/recipe'

import { encodePng } from '@/assets/png'
import { hasPngSignature } from '@/assets/pngChunks'
import { readPngText } from '@/assets/pngText'

/** Keyword of the iTXt chunk that carries a result's recipe as JSON. */
export const RECIPE_KEY = 'inlay-recipe'

/** Encodes a result as PNG that carries what made it. */
export function embedRecipe(raster: Raster, recipe: Recipe): Promise<Uint8Array<ArrayBuffer>> {
  return encodePng(raster, { Software: 'Inlay', [RECIPE_KEY]: JSON.stringify(recipe) })
}

/**
 * The recipe that a PNG carries, or null where it carries none (or is no PNG).
 * Throws `bad-recipe` when there is one that we cannot read.
 */
export function extractRecipe(bytes: Uint8Array<ArrayBuffer>): Recipe | null {
  if (!hasPngSignature(bytes)) return null
  const text = readPngText(bytes)[RECIPE_KEY]
  if (text === undefined) return null
  return parseRecipe(text)
}

/** Reads a recipe from JSON. Throws `bad-recipe`. */
export function parseRecipe(text: string): Recipe {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error))
  }
  const result = v.safeParse(Recipe, value)
  if (result.success) return result.output
  const issue = result.issues[0]
  return broken(`${v.getDotPath(issue) ?? 'recipe'}: ${issue.message}`)
}

const broken = (detail: string): never =>
  fail(
    'bad-recipe',
    'The recipe in this picture cannot be read.',
    'It may come from a newer version of Inlay; the picture itself can still be used.',
    detail,
  )
