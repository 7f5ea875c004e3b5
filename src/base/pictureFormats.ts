/** Formats of pictures that leave the studio without a recipe and without some of their detail. */
export const LOSSY_FORMATS = ['jpeg', 'webp', 'avif'] as const
export type LossyFormat = (typeof LOSSY_FORMATS)[number]

/** What their files' names end in. */
export const FORMAT_ENDINGS: Record<LossyFormat, 'jpg' | 'webp' | 'avif'> = {
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
}
