/** Archives of preference pairs (docs/formats.md, section Preference archive). */
import { fail } from '@/base/errors'
import { openZip, writeZip, type ZippedFile, type ZipKind } from '@/base/zip'
import { MAX_PAIRS, PAIR_PICTURES, readPreferenceIndex } from '@/schema/preferences'
import type { PairPicture, PreferenceIndex, PreferencePair } from '@/schema/preferences'
import { decodePair } from '@/weights/preferences/preferences'
import { jsonDepth } from '@/weights/formats/safetensors'

/** A pair to export; its files are opened one after the other. */
export interface PairToExport {
  pair: PreferencePair
  /** Of all its files. */
  bytes: number
  open(file: 'tensors' | PairPicture): Promise<Blob>
}

const INDEX = 'preferences.json'
const tensorsName = (id: string): string => `pairs/${id}.safetensors`
const pictureName = (id: string, which: PairPicture): string => `pictures/${id}-${which}.png`

/** A zip without extensions ends below 4 GiB; what is left for its own tables is ample. */
const MAX_ARCHIVE_BYTES = 2 ** 32 - 2 ** 27
/** Nothing that is read whole may be larger than these. */
const LIMITS = { index: 2 ** 26, tensors: 2 ** 29, picture: 2 ** 24 } as const
const MAX_DEPTH = 12
const KIND: ZipKind = {
  name: 'archive of preference pairs',
  hint: 'Choose an archive that this studio has exported, as it was written.',
  maxFiles: 65_535,
}

/**
 * One archive of these pairs, as a stream of bytes.
 * @throws unsupported for more than a zip can hold; what `open` throws; AbortError
 */
export function writePreferences(
  pairs: readonly PairToExport[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const bytes = pairs.reduce((sum, pair) => sum + pair.bytes, 0)
  if (bytes > MAX_ARCHIVE_BYTES || pairs.length > MAX_PAIRS)
    fail(
      'unsupported',
      `${pairs.length} pairs of ${(bytes / 1e9).toFixed(1)} GB do not fit into one archive.`,
      'Tick fewer of them and export several archives; training reads any number.',
    )
  const index: PreferenceIndex = {
    schema: 2,
    kind: 'inlay-preferences',
    pairs: pairs.map(({ pair }) => pair),
  }
  const text = new Blob([JSON.stringify(index)])
  return writeZip(
    [
      { name: INDEX, open: () => Promise.resolve(text) },
      ...pairs.flatMap(({ pair: { id }, open }) => [
        { name: tensorsName(id), open: () => open('tensors') },
        ...PAIR_PICTURES.map((which) => ({ name: pictureName(id, which), open: () => open(which) })),
      ]),
    ],
    signal,
  )
}

/** An archive that is read; nothing but its index is in memory. */
export interface PreferenceArchive {
  pairs: readonly PreferencePair[]
  /** A pair's safetensors file; its shapes and numbers have been looked at. @throws bad-archive, bad-weights */
  tensors(pair: PreferencePair): Promise<Uint8Array<ArrayBuffer>>
  /** @throws bad-archive */
  picture(pair: PreferencePair, which: PairPicture): Promise<Blob>
}

/** Opens an archive and sees that all its files are there. @throws bad-archive */
export async function openPreferences(archive: Blob): Promise<PreferenceArchive> {
  const files = await openZip(archive, KIND)
  const find = (name: string, limit: number): ZippedFile => {
    const file = files.get(name)
    if (!file) broken(`it lacks "${name}"`)
    if (file.size > limit) broken(`"${name}" is larger than any real one`)
    return file
  }
  const { pairs } = parseIndex(await find(INDEX, LIMITS.index).read())
  if (new Set(pairs.map(({ id }) => id)).size < pairs.length) broken('it lists a pair twice')
  const tensorsOf = ({ id }: PreferencePair) => find(tensorsName(id), LIMITS.tensors)
  const pictureOf = ({ id }: PreferencePair, which: PairPicture) =>
    find(pictureName(id, which), LIMITS.picture)
  for (const pair of pairs) {
    tensorsOf(pair)
    for (const which of PAIR_PICTURES) pictureOf(pair, which)
  }
  return {
    pairs,
    async tensors(pair) {
      const bytes = await tensorsOf(pair).read()
      decodePair(bytes, pair)
      return bytes
    },
    picture: async (pair, which) => new Blob([await pictureOf(pair, which).read()], { type: 'image/png' }),
  }
}

function parseIndex(bytes: Uint8Array<ArrayBuffer>): PreferenceIndex {
  if (jsonDepth(bytes) > MAX_DEPTH) broken(`"${INDEX}" is nested too deeply`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    broken(`"${INDEX}" is no JSON`)
  }
  const read = readPreferenceIndex(json)
  return read.ok ? read.value : broken(`"${INDEX}" is not as expected at ${read.reason}`)
}

function broken(why: string): never {
  fail(
    'bad-archive',
    `This archive of preference pairs is broken: ${why}.`,
    'Export it again from where the pairs were made; what is kept here is untouched.',
  )
}
