import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { readRecipe, type Recipe } from '@/schema/recipe'

import { hashRaster } from '@/assets/hash'
import { decodePng, encodePng } from '@/assets/png'
import { hasPngSignature } from '@/assets/pngChunks'
import { readPngText } from '@/assets/pngText'
import { PSD_XMP, psdResource } from '@/assets/psdParts'
import { fromXmp } from '@/assets/xmp'

/** Keyword of the iTXt chunk that carries a result's recipe as JSON. */
export const RECIPE_KEY = 'inlay-recipe'

/** Before the hash of a picture that goes along as a PNG of its own, in base64. */
const CARRIED_KEY = 'inlay-asset '

/**
 * Encodes a result as PNG that carries what made it.
 * @param carried small pictures that go along, so that the file alone restores them
 */
export async function embedRecipe(
  raster: Raster,
  recipe: Recipe,
  carried: readonly Raster[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const text: Record<string, string> = { Software: 'Inlay', [RECIPE_KEY]: JSON.stringify(recipe) }
  for (const one of carried) text[CARRIED_KEY + (await hashRaster(one))] = toBase64(await encodePng(one))
  return encodePng(raster, text)
}

/** The pictures that go along in a PNG; what is broken or is not what it says is left out. */
export async function extractCarried(bytes: Uint8Array<ArrayBuffer>): Promise<Raster[]> {
  if (!hasPngSignature(bytes)) return []
  const found: Raster[] = []
  for (const [key, text] of Object.entries(readPngText(bytes))) {
    if (!key.startsWith(CARRIED_KEY)) continue
    const raster = await readCarried(text)
    if (raster && CARRIED_KEY + (await hashRaster(raster)) === key) found.push(raster)
  }
  return found
}

async function readCarried(text: string): Promise<Raster | null> {
  try {
    return await decodePng(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  } catch {
    return null
  }
}

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

/**
 * The recipe that a PNG or a Photoshop document carries, or null where it carries none (or is neither).
 * Throws `bad-recipe` when there is one that we cannot read.
 */
export function extractRecipe(bytes: Uint8Array<ArrayBuffer>): Recipe | null {
  const text = hasPngSignature(bytes) ? readPngText(bytes)[RECIPE_KEY] : psdRecipe(bytes)
  return text === undefined ? null : parseRecipe(text)
}

function psdRecipe(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const packet = psdResource(bytes, PSD_XMP)
  return (packet && fromXmp(new TextDecoder().decode(packet))) ?? undefined
}

/** Reads a recipe from JSON. Throws `bad-recipe`. */
export function parseRecipe(text: string): Recipe {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error))
  }
  const recipe = readRecipe(value)
  return recipe.ok ? recipe.value : broken(recipe.reason)
}

const broken = (detail: string): never =>
  fail(
    'bad-recipe',
    'The recipe in this picture cannot be read.',
    'It may come from a newer version of Inlay; the picture itself can still be used.',
    detail,
  )
